"""The texts people agree to (domain §3.3, §15.2). Changing a word needs a new version: the hash of the text is kept."""

from dataclasses import dataclass

from accounts.actions import consents


@dataclass(frozen=True)
class Notice:
    """A text in sections (小标题, 段落…), with its version."""

    key: str
    version: str
    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        """The whole text, the way it is hashed."""
        lines = [self.title]
        for heading, paragraphs in self.sections:
            lines += [heading, *paragraphs]
        return "\n".join(lines)


APPLY = Notice(
    key="apply",
    version="2026-1",
    title="申请须知",
    sections=(
        (
            "谁可以申请",
            (
                "农村低收入群体等重点对象，唯一住房有危险或没有住房，依靠自己的力量难以解决的，可以申请农村危房改造。",
                "请确有困难再申请。能否享受、补助多少，按现行政策和审核结果办理。",
            ),
        ),
        (
            "请如实填写",
            (
                "虚报、隐瞒、伪造情况的，取消资格，退回资金，并处1倍以上3倍以下罚款，记入信用记录；"
                "违反治安管理或构成犯罪的，依法追究责任。",
            ),
        ),
        (
            "您的信息怎样使用",
            (
                "处理单位：房屋所在县（市、区）住房城乡建设部门，联系电话见页面下方。",
                "用途：只用于住房安全保障。需要的信息：姓名、身份证号码、电话、地址、家庭成员、房屋照片和位置。",
                "核实时会与民政、乡村振兴、财政、残联等部门比对；评议通过后按政策公示户主姓名、村组、对象类别、"
                "房屋等级和补助，不公示身份证号码、电话和详细住址。",
                "保存时间：验收后至少10年；未通过的申请3年；未提交的草稿90天。",
                "您可以查看、更正自己的信息，也可以要求删除或投诉。不提供必需的信息，申请将无法办理。",
            ),
        ),
    ),
)

PRIVACY = Notice(
    key="privacy",
    version="2026-1",
    title="隐私政策和用户协议",
    sections=(
        (
            "",
            (
                "登记姓名、身份证号码和住址，是为了确认由您本人申请和查看进度，只用于住房安全保障。",
                "身份证号码和电话加密保存，页面上只显示一部分。",
                "一个手机号最多登记6位家人。请只登记本人，或经本人同意的家人。",
                "您可以请村委会更正或删除这些信息。",
            ),
        ),
    ),
)

FAMILY = Notice(
    key="family",
    version="2026-1",
    title="我已告诉这位家人，并经其同意填写；不满14周岁的，我是其监护人并同意填写",
    sections=(),
)

POSITION = Notice(
    key="position",
    version="2026-1",
    title="点“同意并定位”后，会记下房屋的位置，方便工作人员上门查看",
    sections=(),
)

AGENT = Notice(
    key="agent",
    version="2026-1",
    title="本人已委托我代为申请，并授权我填写其信息；申请须知已向本人讲明",
    sections=(),
)


def agree(notice: Notice, *, by, who) -> None:
    """Keep that `who` agreed to this notice as it reads today."""
    consents.agree(by=by, who=who, notice=notice.key, version=notice.version, text=notice.text)
