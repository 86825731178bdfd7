"""A small invented division tree with prefix 99 (domain §15.5): nobody lives there."""

from regions.keys import NATION_KEY, PREFIX, choose_key
from regions.models import Region
from regions.placenames import core, full_name, is_placeholder, search_columns

# code, level, name, (code, level) of the parent
TREE = [
    ("990000000000", "province", "云岭省", None),
    ("990100000000", "city", "青屏市", ("990000000000", "province")),
    ("990101000000", "county", "青溪县", ("990100000000", "city")),
    ("990101100000", "township", "石桥镇", ("990101000000", "county")),
    ("990101100201", "village", "上坝村", ("990101100000", "township")),
    ("990101100202", "village", "下坝村民委员会", ("990101100000", "township")),
    ("990101200000", "township", "松林乡", ("990101000000", "county")),
    ("990101200201", "village", "松林村", ("990101200000", "township")),
    ("990102000000", "county", "白沙县", ("990100000000", "city")),
    ("990102100000", "township", "白沙镇", ("990102000000", "county")),
    ("990102100201", "village", "上坝村", ("990102100000", "township")),
    # A county straight under the province, behind the statisticians' row.
    ("999000000000", "city", "省直辖县级行政区划", ("990000000000", "province")),
    ("999001000000", "county", "云门市", ("999000000000", "city")),
    ("999001100000", "township", "云门镇", ("999001000000", "county")),
    ("999001100201", "village", "云门村", ("999001100000", "township")),
    # A city without counties: its only county repeats its code.
    ("990200000000", "city", "南湾市", ("990000000000", "province")),
    ("990200000000", "county", "南湾市", ("990200000000", "city")),
    ("990200100000", "township", "南湾镇", ("990200000000", "county")),
    ("990200100001", "village", "南湾社区居委会", ("990200100000", "township")),
    # No township level: the village hangs under the county.
    ("990103000000", "county", "风山县", ("990100000000", "city")),
    ("990103000201", "village", "风山农场", ("990103000000", "county")),
]


def make_region(code: str, level: str, name: str, parent: Region) -> Region:
    """Create one region below `parent`, with the key, names and search columns a published region has."""
    region = _region(code, level, name, parent, lambda prefix: Region.objects.filter(key__startswith=prefix).exists())
    region.save()
    return region


def _region(code: str, level: str, name: str, parent: Region, in_use) -> Region:
    key = choose_key(
        parent_key=parent.key,
        parent_code=parent.code,
        parent_level=parent.level,
        level=level,
        code=code,
        in_use=in_use,
    )
    placeholder = is_placeholder(name, parent.name)
    values = {
        "key": key,
        "full_name": full_name(parent, name, placeholder),
        "is_placeholder": placeholder,
        "parent": parent,
        "order": int(code[-3:]),
        "national_code": code,
        **search_columns(core(name)),
    }
    return Region(code=code, level=level, name=name, **values)


def make_tree() -> dict[str, Region]:
    """Create the whole tree and return it by code; the repeated code answers with the lower level."""
    nation, _ = Region.objects.get_or_create(
        code=NATION_KEY, level="nation", defaults={"key": NATION_KEY, "name": "全国", "full_name": "全国"}
    )
    found, by_code, keys = {None: nation}, {NATION_KEY: nation}, []
    for code, level, name, parent in TREE:
        region = _region(code, level, name, found[parent], lambda prefix: any(key.startswith(prefix) for key in keys))
        keys.append(region.key)
        by_code[code] = found[code, level] = region
    # A thousand tests make this tree: a statement a level instead of three a region.
    for level in PREFIX:
        Region.objects.bulk_create([found[code, of] for code, of, _, _ in TREE if of == level])
    return by_code


def enable(county: Region) -> Region:
    """Open the online application in a county (decision 19)."""
    Region.objects.filter(pk=county.pk).update(case_enabled=True)
    county.case_enabled = True
    return county
