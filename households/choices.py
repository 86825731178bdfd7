"""Option lists of the household ledger on which rules or statistics depend (domain §10, decision 21)."""

from django.db import models


class ClaimState(models.TextChoices):
    CLAIMED = "claimed", "待核对"
    CONFIRMED = "confirmed", "已核对"
    SUPERSEDED = "superseded", "已由他人核对"


class Gender(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class HouseholdStatus(models.TextChoices):
    ACTIVE = "active", "正常"
    CANCELLED_DEATH = "cancelled_death", "死亡销户"
    MOVED_OUT = "moved_out", "已迁出"
    MERGED = "merged", "已合并"


class Category(models.TextChoices):
    """Six categories (六类对象) and two that are none of them; full labels of domain §10.3."""

    PRONE = "prone", "农村易返贫致贫户"
    DIBAO = "dibao", "农村低保户"
    TEKUN = "tekun", "农村分散供养特困人员"
    SUDDEN = "sudden", "因病因灾因意外事故等刚性支出较大或收入大幅缩减导致基本生活出现严重困难家庭"
    DIBAO_EDGE = "dibao_edge", "农村低保边缘家庭"
    OTHER_POVERTY = "other_poverty", "未享受过农村住房保障政策支持且依靠自身力量无法解决住房安全问题的其他脱贫户"
    GENERAL = "general", "一般农户"
    # The county says only yes or no at 受理 (domain §4.4); the department list names the category later.
    LOW_INCOME = "low_income", "低收入群体（类别待定）"


CATEGORY_SHORT = {
    Category.PRONE: "易返贫致贫户",
    Category.DIBAO: "低保户",
    Category.TEKUN: "分散供养特困人员",
    Category.SUDDEN: "突发严重困难户",
    Category.DIBAO_EDGE: "低保边缘家庭",
    Category.OTHER_POVERTY: "其他脱贫户",
    Category.GENERAL: "一般户",
    Category.LOW_INCOME: "低收入群体",
}


class Source(models.TextChoices):
    """Where a row of the ledger came from."""

    CASE = "case", "网上申请工单"
    LOOKBACK = "lookback", "回头看"
    MONITORING = "monitoring", "动态监测"
    IMPORT = "import", "名单导入"
    PROJECT = "project", "危改项目"


class PolicyType(models.TextChoices):
    RENOVATION = "renovation", "危房改造"
    RELOCATION = "relocation", "易地扶贫搬迁"
    HAZARD = "hazard", "避险搬迁"
    ECOLOGY = "ecology", "生态搬迁"
    RESERVOIR = "reservoir", "水库搬迁"
    OTHER = "other", "其他"


class Era(models.TextChoices):
    UP_TO_1980 = "1", "1980年及以前"
    FROM_1981 = "2", "1981-1990年"
    FROM_1991 = "3", "1991-2000年"
    FROM_2001 = "4", "2001-2010年"
    FROM_2011 = "5", "2011-2015年"
    FROM_2016 = "6", "2016年及以后"


class StructureCensus(models.TextChoices):
    MASONRY = "1", "砖石结构"
    EARTH_WOOD = "2", "土木结构"
    MIXED = "3", "混杂结构"
    CAVE = "4", "窑洞"
    CONCRETE = "5", "钢筋混凝土结构"
    STEEL = "6", "钢结构"
    OTHER = "99", "其他"


class StructureArchive(models.TextChoices):
    THATCH = "1", "茅草房"
    MUD_THATCH = "2", "泥草房"
    EARTH_CAVE = "3", "土窑"
    ADOBE = "4", "土坯、夯土房（无立柱）"
    SIMPLE_MASONRY = "5", "砖、石等简易砌体结构（无砖柱、构造柱，无圈梁等）"
    WOOD = "6", "竹木、木结构"
    BRICK_WOOD = "7", "砖木、石木、土木结构"
    BRICK_CONCRETE = "8", "砖混结构（有砖柱或构造柱，有圈梁等）"
    CONCRETE = "9", "钢筋混凝土结构"
    LIGHT_STEEL = "10", "轻钢结构"
    OTHER = "11", "其它结构"


# The census column is filled from the archive column until a survey says otherwise (domain §10.5b).
CENSUS_OF_ARCHIVE = {
    StructureArchive.THATCH: StructureCensus.OTHER,
    StructureArchive.MUD_THATCH: StructureCensus.EARTH_WOOD,
    StructureArchive.EARTH_CAVE: StructureCensus.CAVE,
    StructureArchive.ADOBE: StructureCensus.EARTH_WOOD,
    StructureArchive.SIMPLE_MASONRY: StructureCensus.MASONRY,
    StructureArchive.WOOD: StructureCensus.EARTH_WOOD,
    StructureArchive.BRICK_WOOD: StructureCensus.EARTH_WOOD,
    StructureArchive.BRICK_CONCRETE: StructureCensus.MASONRY,
    StructureArchive.CONCRETE: StructureCensus.CONCRETE,
    StructureArchive.LIGHT_STEEL: StructureCensus.STEEL,
    StructureArchive.OTHER: StructureCensus.OTHER,
}


class Grade(models.TextChoices):
    A = "A", "A级（结构安全）"
    B = "B", "B级（基本安全）"
    C = "C", "C级（局部危险）"
    D = "D", "D级（严重受损）"


class AppraisalKind(models.TextChoices):
    APPRAISAL = "appraisal", "鉴定"
    ASSESSMENT = "assessment", "评估"


class RiskPart(models.TextChoices):
    FOUNDATION = "foundation", "地基"
    WALL = "wall", "墙体"
    BEAM = "beam", "梁柱"
    FLOOR = "floor", "楼板"
    ROOF = "roof", "屋面"
    OTHER = "other", "其他"


class Measure(models.TextChoices):
    """保障措施 (domain §10.23)."""

    RENOVATION = "renovation", "农村危房改造"
    RELOCATION = "relocation", "生态移民、水库移民和避险搬迁"
    PUBLIC_HOUSING = "public_housing", "集体公租房、幸福大院等公共住房"
    OTHER = "other", "其他方式"
    SELF = "self", "自主整改"
    SEISMIC = "seismic", "农房抗震改造"


class ChangeState(models.TextChoices):
    REQUESTED = "requested", "待审批"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


class ChangeKind(models.TextChoices):
    CORRECTION = "correction", "信息更正"
    HEAD = "head", "户主变更"
    MOVE = "move", "迁户"


class TakenSource(models.TextChoices):
    CAMERA = "camera", "相机"
    BROWSER = "browser", "浏览器"
    TYPED = "typed", "手填"
    NONE = "", "无"


_RELATIONS = (
    "02户主 10配偶 20子 30女 28女婿 38儿媳 41孙子 42孙女 43外孙子 44外孙女 45孙媳妇或外孙媳妇 46孙女婿或外孙女婿 "
    "47曾孙子或外曾孙子 48曾孙女或外曾孙女 51父亲 52母亲 53公公 54婆婆 55岳父 56岳母 57继父或养父 58继母或养母 "
    "27养子或继子 37养女或继女 61祖父 62祖母 63外祖父 64外祖母 71兄 72嫂 73弟 74弟媳 75姐姐 76姐夫 77妹妹 78妹夫 "
    "93侄子 94侄女 95外甥 96外甥女 97其他亲属 99非亲属"
)
_PEOPLES = (
    "01汉族 02蒙古族 03回族 04藏族 05维吾尔族 06苗族 07彝族 08壮族 09布依族 10朝鲜族 11满族 12侗族 13瑶族 14白族 "
    "15土家族 16哈尼族 17哈萨克族 18傣族 19黎族 20傈僳族 21佤族 22畲族 23高山族 24拉祜族 25水族 26东乡族 27纳西族 "
    "28景颇族 29柯尔克孜族 30土族 31达斡尔族 32仫佬族 33羌族 34布朗族 35撒拉族 36毛南族 37仡佬族 38锡伯族 39阿昌族 "
    "40普米族 41塔吉克族 42怒族 43乌孜别克族 44俄罗斯族 45鄂温克族 46德昂族 47保安族 48裕固族 49京族 50塔塔尔族 "
    "51独龙族 52鄂伦春族 53赫哲族 54门巴族 55珞巴族 56基诺族 97其他 98外国血统中国籍"
)

# GB/T 4761-2008 and GB/T 3304-1991 give two-digit codes; the code is the stored value.
Relation = models.TextChoices("Relation", [(f"R{one[:2]}", (one[:2], one[2:])) for one in _RELATIONS.split()])
Ethnicity = models.TextChoices("Ethnicity", [(f"E{one[:2]}", (one[:2], one[2:])) for one in _PEOPLES.split()])


class ReadingState(models.TextChoices):
    WAITING = "waiting", "排队"
    READING = "reading", "正在识别"
    READ = "read", "已识别"
    UNCLEAR = "unclear", "没有认出"
    NOBODY = "nobody", "无人识别"
    SHOWN = "shown", "已显示"
