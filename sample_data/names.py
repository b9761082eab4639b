"""Pools of plainly invented names, streets and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sample_data.dice import Dice

EUROPEAN_FAMILIES = (
    "Sample Beispiel Muster Example Ejemplo Exemple Voorbeeld Wzór Müller Schmidt Novak Moreau Rossi Silva "
    "Jansen Larsen Kowalski Horvat Dubois Keller Weber Murphy Taylor Brown García Lindqvist Virtanen Papadakis"
).split()
WOMEN = "Ada Carla Elena Greta Ines Klara Marta Olga Rosa Tilda Vera Xenia Zoë Dora Frieda".split()
MEN = "Boris David Felix Hugo Jonas Luca Nils Paul Stefan Uwe Willem Yann Anton Bruno Emil".split()
CHINESE_FAMILIES = {
    "王": "Wang", "李": "Li", "张": "Zhang", "刘": "Liu", "陈": "Chen", "杨": "Yang", "黄": "Huang",
    "赵": "Zhao", "周": "Zhou", "吴": "Wu", "徐": "Xu", "孙": "Sun", "马": "Ma", "朱": "Zhu",
    "胡": "Hu", "林": "Lin", "何": "He", "高": "Gao", "郑": "Zheng", "罗": "Luo",
}  # fmt: skip
CHINESE_GIVEN = {
    "样例": "Yangli", "小米": "Xiaomi", "大米": "Dami", "米香": "Mixiang", "稻花": "Daohua", "丰年": "Fengnian",
    "满仓": "Mancang", "有粮": "Youliang", "谷雨": "Guyu", "秋收": "Qiushou", "春播": "Chunbo", "阿福": "Afu",
    "小禾": "Xiaohe", "青禾": "Qinghe", "嘉禾": "Jiahe", "穗穗": "Suisui", "田田": "Tiantian", "满满": "Manman",
}  # fmt: skip

# Companies by currency and category.
COMPANIES: dict[str, dict[str, tuple[str, ...]]] = {
    "EUR": {
        "Restaurants / Full service": (
            "Blue Door Bistro", "Paper Moon Restaurant", "Trattoria Inventata", "Chez Personne", "Bistro du Rien",
            "Wunderland Gasthof", "U Vymyšleného", "Pod Zmyślonym Dachem", "Casa Ficticia", "Toad Hall Restaurant",
        ),
        "Restaurants / Snack bars": (
            "Copper Kettle Kitchens", "Gotham Noodle Bar", "Bodega Ninguna", "Genovia Tea Rooms",
            "Lorem Ipsum Delicatessen", "Cockaigne Bakeries",
        ),
        "Wholesale / West": (
            "Globex Foods", "Vandelay Partners", "Placeholder & Sons", "Northwind Pantry", "Beispiel & Töchter",
            "Fiktiv Feinkost", "Nirgendwo Naturkost", "Épicerie Imaginaire", "Atlantis Fish & Rice",
            "Erewhon Wholefoods", "Brigadoon Cash & Carry", "Graustark Grocers", "Zenda Wholesale",
            "Freedonia Foods", "Sylvania Spice Trade", "Elbonia Imports", "Wakanot Foods", "Smallville Store",
            "Hundred Acre Farm Shop",
        ),
        "Canteens / Schools": ("La Fausse Cantine", "Lilliput Kindergartens", "Springfeld Schools"),
        "Canteens / Companies": (
            "Acme Canteens", "Initech Catering", "Muster Großküchen", "Phantasie Catering", "Laputa Air Catering",
            "Ruritania Railways Canteen", "Metropolis Meals", "Bedrock Quarry Canteen",
        ),
        "Hotels": (
            "Mock Turtle Hotel", "Tin Whistle Inn", "Utopia Hotels", "Shangri Sample Spa", "Nowhere Grand Hotel",
        ),
    },
    "CNY": {
        "Restaurants / Full service": (
            "荷塘样例酒家", "桃花源餐饮", "瀛洲海鲜", "聚宝盆火锅", "乌有乡饭店", "子虚酒楼", "镜花园餐厅", "水月轩",
            "守株农家菜", "叶公私房菜", "刻舟河鲜", "方丈素食",
        ),
        "Restaurants / Snack bars": ("乌托邦茶馆", "南柯快餐", "无名面馆", "某某饺子馆", "画饼点心铺"),
        "Wholesale / East": (
            "North Trade 北方贸易", "满仓粮油商行", "黄粱米业", "东篱粮油店", "金谷批发部", "示范农贸公司",
            "一二三食品", "甲乙丙商贸", "虚构超市", "云上便利",
        ),
        "Canteens / Schools": ("样例第一小学食堂", "稻香样例幼儿园"),
        "Canteens / Companies": ("示例电子厂食堂", "天马行空会展餐饮", "南山样例医院食堂", "愚公石材厂食堂"),
        "Hotels": ("蓬莱假日酒店", "海市蜃楼宾馆"),
    },
    "USD": {"Wholesale / Overseas": ("Sample Bay Sushi Supply", "Nowhere Springs Diners", "Anytown Rice Imports")},
}  # fmt: skip
# Chinese company names as spelt in web addresses.
_PINYIN = {
    "荷塘样例酒家": "hetang", "桃花源餐饮": "taohuayuan", "瀛洲海鲜": "yingzhou", "聚宝盆火锅": "jubaopen",
    "乌有乡饭店": "wuyouxiang", "子虚酒楼": "zixu", "镜花园餐厅": "jinghuayuan", "水月轩": "shuiyuexuan",
    "守株农家菜": "shouzhu", "叶公私房菜": "yegong", "刻舟河鲜": "kezhou", "方丈素食": "fangzhang",
    "乌托邦茶馆": "wutuobang", "南柯快餐": "nanke", "无名面馆": "wuming", "某某饺子馆": "moumou",
    "画饼点心铺": "huabing", "满仓粮油商行": "mancang", "黄粱米业": "huangliang", "东篱粮油店": "dongli",
    "金谷批发部": "jingu", "示范农贸公司": "shifan", "一二三食品": "yiersan", "甲乙丙商贸": "jiayibing",
    "虚构超市": "xugou", "云上便利": "yunshang", "样例第一小学食堂": "yangli-xiaoxue", "稻香样例幼儿园": "daoxiang",
    "示例电子厂食堂": "shili-dianzi", "天马行空会展餐饮": "tianma", "南山样例医院食堂": "nanshan",
    "愚公石材厂食堂": "yugong", "蓬莱假日酒店": "penglai", "海市蜃楼宾馆": "haishi",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A city with fictitious streets, and its phone numbers, time zone and language."""

    city: str
    region: str
    country: str
    zone: str
    postcode: str
    phone: str  # each "x" becomes a digit
    mobile: str
    streets: tuple[str, ...]
    language: str


_GERMAN = ("Musterstraße", "Beispielweg", "Platzhaltergasse", "Am Beispielteich")
_CHINESE_STREETS = ("示例路", "样板街", "无名巷", "虚拟大道")


def _german(city: str, region: str, postcode: str) -> Place:
    phone, mobile = "+49 30 5550 xxxx", "+49 30 5551 xxxx"
    return Place(city, region, "Germany", "Europe/Berlin", postcode, phone, mobile, _GERMAN, "German")


def _chinese(city: str, region: str, postcode: str) -> Place:
    phone, mobile = "+86 10 5555 xxxx", "+86 10 5556 xxxx"
    return Place(city, region, "中国", "Asia/Shanghai", postcode, phone, mobile, _CHINESE_STREETS, "Chinese")


BONN = _german("Bonn", "Nordrhein-Westfalen", "531xx")
LONDON = Place(
    "London", "", "United Kingdom", "Europe/London", "EX1 xXA", "+44 20 7946 0xxx", "+44 20 7946 0xxx",
    ("Example Lane", "Sample Mews", "Placeholder Row"), "English",
)  # fmt: skip
EUROPE = (
    BONN,
    BONN,
    _german("Köln", "Nordrhein-Westfalen", "506xx"),
    _german("Berlin", "", "101xx"),
    LONDON,
)
CHINA_ROUND = (_chinese("杭州", "浙江", "3100xx"),)  # home deliveries
CHINA = (*CHINA_ROUND, _chinese("上海", "", "2000xx"), _chinese("北京", "", "1000xx"))
AMERICA = (
    Place(
        "Anytown", "NY", "United States", "America/New_York", "100xx", "+1 212 555 01xx", "+1 212 555 01xx",
        ("Sample Avenue", "Nowhere Street"), "English",
    ),
)  # fmt: skip


def digits(dice: Dice, pattern: str) -> str:
    """Replace each x in a pattern by a random digit."""
    return re.sub("x", lambda _found: str(dice.randrange(10)), pattern)


def slug(name: str) -> str:
    """Return a name as a domain label; for a name without Latin letters, its pinyin, else "shop" and a number."""
    ascii_part = re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_PLAIN)).strip("-")
    return ascii_part or _PINYIN.get(name) or f"shop{sum(map(ord, name)) % 1000}"


def domain(name: str) -> str:
    """Return a company's domain: as many words of its name as make a label of 16 characters, at least the first."""
    first, *others = slug(name).split("-")
    label = first
    for word in others:
        if len(label) + len(word) >= 16:
            break
        label += f"-{word}"
    return f"{label}.example"


_PLAIN = str.maketrans("äöüéèçíáóñšýł", "aoueeciaonsyl") | {ord("ß"): "ss", ord("ë"): "e", ord("ó"): "o"}
