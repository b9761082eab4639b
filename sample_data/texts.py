"""The texts of the sample records, in the two languages of the account managers."""

from __future__ import annotations

INTERESTS = {
    "zh": "钓鱼 书法 太极 广场舞 养花 下象棋 喝茶 做饭 旅游 看球 摄影 带孙子".split(),
    "en": (
        "cycling, choir, gardening, chess, hiking, football, baking, crime novels, photography, sailing, "
        "board games, old films"
    ).split(", "),
}
EDUCATION = {
    "zh": ("中学", "大专", "大学本科", "烹饪学校"),
    "en": ("catering school", "trained cook", "business degree", "apprenticeship as a grocer"),
}
FAMILY = {
    "zh": ("一儿一女", "孩子在外地上大学", "和父母同住", "刚添了孙子", "独居"),
    "en": (
        "two children",
        "a grown-up daughter abroad",
        "lives with parents",
        "a new grandchild",
        "lives alone",
    ),
}
BACKGROUND = {
    "zh": (
        "老街坊介绍来的，很看重米的新陈。",
        "以前在超市买，嫌搬上楼太重。",
        "家里老人牙口不好，喜欢软一点的米。",
        "对价格不敏感，但最怕等。",
        "自己也做过小生意，懂行。",
        "搬来本区不久，还在比较几家店。",
    ),
    "en": (
        "Found us through a neighbour; looks at the harvest date on every bag.",
        "Used to buy at the supermarket and disliked carrying bags up the stairs.",
        "Not sensitive to prices, but hates to wait.",
        "Ran a small shop and knows the trade.",
        "New in town and still comparing shops.",
        "Compares our price list with two others every spring.",
    ),
}
ABOUT_COMPANIES = {
    "zh": (
        "采购由厨师长说了算，财务月底结账。",
        "每年春天比价一次，质量稳定就不换。",
        "新开了分店，用量还会增加。",
        "仓库小，要求少量多次送货。",
    ),
    "en": (
        "The head chef decides; accounts pay at the end of the month.",
        "Asks for three quotations every spring and stays if the quality is consistent.",
        "Opened a second restaurant and will need more.",
        "Small store room; wants small, frequent deliveries.",
    ),
}
SPECIAL = {
    "zh": ("送货前先打电话", "放在门卫处", "要当年新米", "发票抬头写公司全称", "不要塑料袋"),
    "en": (
        "ring before delivery",
        "leave it with the porter",
        "this year's harvest only",
        "order number on the invoice",
        "no plastic bags",
    ),
}
UNSPOKEN = {
    "zh": ("希望有人帮忙把米搬进厨房", "喜欢被记住名字", "想先尝一尝再买"),
    "en": (
        "would like the bags carried in",
        "likes to be remembered by name",
        "wants to taste before buying",
    ),
}
OBSTACLES = {
    "zh": ("去年有一次送错了米，还记着", "觉得回电话太慢"),
    "en": ("remembers a wrong delivery last year", "feels that nobody calls back"),
}
TASKS = {"zh": ("倒出旧米，擦净米缸，旧米放在上层", "擦净米缸", "搬到四楼，倒入米缸", "旧米装袋放旁边")}
INDUSTRIES = {
    "Restaurants": ("restaurant", "餐饮"),
    "Wholesale": ("food wholesale", "粮油批发"),
    "Canteens": ("canteen", "食堂"),
    "Hotels": ("hotel", "酒店"),
}
TITLES = {
    "zh": (
        ("厨师长", "厨房", "decides"),
        ("采购经理", "采购部", "buys"),
        ("老板", "", "decides"),
        ("会计", "财务部", "influences"),
    ),
    "en": (
        ("Head chef", "Kitchen", "decides"),
        ("Purchasing manager", "Purchasing", "buys"),
        ("Owner", "", "decides"),
        ("Bookkeeper", "Accounts", "influences"),
        ("Assistant", "Front office", "gatekeeper"),
    ),
}  # fmt: skip

TALK = {
    "zh": {
        "pleased": ("对新米很满意，说香", "问能不能介绍邻居来买", "夸送货师傅仔细", "想试试新到的茶"),
        "neutral": (
            "确认下次送货时间", "问了价格，报了现价", "回访：一切正常", "更新了送货地址的楼层", "提醒付上月的款",
            "介绍了节前优惠", "核对订单数量",
        ),
        "uneasy": ("抱怨上次送晚了", "嫌电话没人回", "说别家更便宜", "上一袋有碎米，不高兴", "语气冷淡，说再看看"),
    },
    "en": {
        "pleased": (
            "very happy with the new harvest",
            "asks whether a neighbour may come along",
            "praised the driver",
            "wants the same again next time",
            "would like to try the new tea",
        ),
        "neutral": (
            "agreed the next delivery",
            "asked for prices; quoted from the list",
            "courtesy call, all is well",
            "noted the new floor for deliveries",
            "reminded them about last month's invoice",
            "told them about the holiday offer",
            "went through the quantities",
        ),
        "uneasy": (
            "unhappy about a late delivery",
            "says nobody returned the call",
            "a competitor is cheaper",
            "broken grains in the last bag",
            "short on the phone, will think about it",
        ),
    },
}  # fmt: skip
# What a company says instead of a household.
_COMPANY_TALK = {
    "问能不能介绍邻居来买": "把我们介绍给了同行",
    "更新了送货地址的楼层": "更新了卸货口的位置",
    "asks whether a neighbour may come along": "recommended us to another kitchen",
    "noted the new floor for deliveries": "noted the new unloading bay",
}


def talk(language: str, mood: str, kind: str) -> tuple[str, ...]:
    """Return what customers of a kind say in a mood."""
    said = TALK[language][mood]
    return said if kind == "person" else tuple(_COMPANY_TALK.get(text, text) for text in said)


FOLLOW_UPS = {
    "zh": ("发报价", "带样品上门", "再打电话", "确认送货时间", "送新米试吃", "解决上次的问题"),
    "en": ("send the quotation", "bring samples", "call again", "confirm delivery", "send tea to taste"),
}  # fmt: skip
NEXT_WHY = {
    "zh": ("新米到货", "快用完了", "节前订货", "好久没联系"),
    "en": ("new harvest is in", "will run out soon", "order for the holidays", "not spoken for a while"),
}
COMPETITORS = ("Kornhaus Direct", "Golden Paddy 金穗", "Bulk & Barrel")
LOST_QUOTE = ("price", "delivery time", "kept the old supplier")
SOURCES = {
    "referral": 30,
    "walk-in": 22,
    "web": 18,
    "Spring Tasting": 12,
    "Harvest Mailing": 10,
    "trade fair": 8,
}
