"""Invented holders of cards: numbers of area 99, names put together from syllables, rare and minority ones included."""

import random
from dataclasses import dataclass

from tests.factories.people import make_id_number

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁宋罗韦覃莫缑亓仉仇单解朴查曾"
GIVEN = "石山水田木青云春夏秋冬东西南北国建文明桂兰秀珍玉梅志强小红永福德贵赟垚䶮喆堃祎骉"
MINORITY = ("阿依古丽·买买提", "扎西·次仁", "古丽娜尔·吐尔逊", "吾买尔江·艾合买提", "孟和·巴特尔")
PLACES = (
    "云岭省青屏市青溪县石桥镇上坝村",
    "云岭省青屏市青溪县石桥镇下坝村民委员会",
    "云岭省白水县松林乡青松村",
    "南岭自治区红河市双江区河口街道办事处东门社区居委会",
)


@dataclass(frozen=True)
class Holder:
    """What is printed on a card."""

    name: str
    sex: str
    folk: str
    id_number: str
    address: str
    disability: str = ""  # the two digits that a 残疾人证 has after the ID number

    @property
    def born(self) -> tuple[str, str, str]:
        number = self.id_number
        return number[6:10], str(int(number[10:12])), str(int(number[12:14]))


def holders(count: int, *, seed: int = 5) -> list[Holder]:
    """So many holders, the same for a seed; every eighth name is a minority's, every tenth a 残疾人证."""
    dice = random.Random(seed)
    return [_holder(dice, index) for index in range(count)]


def _holder(dice: random.Random, index: int) -> Holder:
    birth = f"{dice.randint(1934, 2004)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}"
    number = make_id_number(birth, dice.randint(0, 999))
    name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
    if index % 8 == 7:
        name = MINORITY[index // 8 % len(MINORITY)]
    ending = f"{dice.randint(1, 18)}组{dice.randint(1, 120)}号"
    return Holder(
        name=name,
        sex="男" if int(number[16]) % 2 else "女",
        folk=dice.choice(("汉", "汉", "汉", "回", "彝", "壮", "苗", "土家", "维吾尔")),
        id_number=number,
        address=PLACES[index % len(PLACES)] + ending,
        disability=f"{dice.randint(1, 7)}{dice.randint(1, 4)}" if index % 10 == 9 else "",
    )
