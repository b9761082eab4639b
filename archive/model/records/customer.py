"""The customer record: person or organisation, background, and contact times."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from archive.model.contact_details import (
    CHANNEL,
    Absence,
    Address,
    Email,
    Messenger,
    Phone,
    Position,
    ProductUse,
    Provenance,
    Window,
)
from archive.model.date_rules import EachAfter, EachBefore, InOrder
from archive.model.dates import PartialDate
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import (
    COMING_DATE,
    CURRENCY,
    DATE,
    FILES,
    FLAG,
    LONG_TEXT,
    MONEY,
    PARTIAL_DATE,
    PATH,
    TAGS,
    TEXT,
    WEB,
    ZONE,
    Choice,
    Link,
    Text,
    Whole,
)
from archive.model.fields import Group, Record, field, record
from archive.model.losses import EARLIER, LOSSES, Loss
from archive.model.losses import LOST_REASON as LOST_REASON
from archive.text import N_

CLASSIFICATION = Group("classification", N_("Classification"))
PERSONAL = Group("personal", N_("Personal"))
ORGANISATION = Group("organisation", N_("Organisation"))
BACKGROUND = Group("background", N_("Background"))
CONTACT_TIMES = Group("contact_times", N_("Contact times"))
PROVENANCE = Group("provenance", N_("Provenance"))

KIND = Choice(person=N_("person"), organisation=N_("organisation"))
STATUS = Choice(
    prospect=N_("prospect"),
    active=N_("active"),
    dormant=N_("dormant"),
    lost=N_("lost"),
    inactive=N_("inactive"),
)
LOYALTY_STEP = Choice(
    buyer=N_("general buyer"),
    prospect=N_("prospect"),
    customer=N_("customer"),
    follower=N_("follower"),
    advocate=N_("advocate"),
    partner=N_("partner"),
)
LOYALTY_TYPE = Choice(
    excitement=N_("excitement"),
    price=N_("price"),
    incentive=N_("incentive"),
    monopoly=N_("monopoly"),
    habit=N_("habit"),
    service=N_("service"),
)
BINDS = Choice(
    feeling=N_("feeling"),
    price=N_("price"),
    convenience=N_("convenience"),
    promotion=N_("promotion"),
    staff=N_("staff"),
    image=N_("image"),
)
WORKING_STYLE = Choice(
    dominant=N_("dominant"), analytical=N_("analytical"), amiable=N_("amiable"), expressive=N_("expressive")
)
LISTENING_STYLE = Choice(
    wandering=N_("wandering"), surface=N_("surface"), technical=N_("technical"), active=N_("active")
)
SERVICE_NEED = Choice(
    convenience=N_("convenience"),
    attentiveness=N_("attentiveness"),
    special=N_("feeling special"),
    warmth=N_("warmth"),
)
ALLOWED = Choice(yes=N_("yes"), no=N_("no"))


@record
class Customer(Record):
    """A current, potential or former customer: a person or an organisation."""

    TABLE = "customers"
    LABEL = N_("Customers")
    NOUN = N_("customer")
    RANK = 10
    LETTER = "c"
    COLUMNS = ("full_name", "phone", "city", "status", "last", "value")
    PROFILE_COLUMNS = ("full_name", "positions", "status", "phone", "last")
    EXAMPLE = N_("search, or status:active city:Bonn last:>90d")
    EMPTY = N_("No customers yet.\n\n[b]n[/b] adds one, [b]ctrl+g i[/b] imports a file.")
    NAMED_BY = "full_name"
    SNOOZED = "next_contact_on"
    GROUPS = (CLASSIFICATION, PERSONAL, ORGANISATION, BACKGROUND, CONTACT_TIMES, PROVENANCE)
    RULES = (
        InOrder("customer_since", N_('"customer since" date'), "lost_on", N_("lost date")),
        InOrder("lost_on", N_("lost date"), "won_back_on", N_("won-back date")),
        EachAfter("customer_since", N_('"customer since" date'), EARLIER, "lost_on", N_("earlier lost date")),
        EachBefore(EARLIER, "won_back_on", N_("earlier won-back date"), "lost_on", N_("lost date")),
    )
    SYNONYMS = """
code: customer code, customer number, customer no, customer id, client id, client code, client no,
 account number, kundennummer, kunden nr, kundennr, numéro client, número de cliente, 客户编号, 客户代码,
 编号, 客户号
kind: customer type, kundenart, 客户类型
full_name: name, full name, display name, contact name, contact, customer name, customer,
 customer full name, client, client name, kunde, kundenname, nom complet, nombre completo, 姓名, 名字,
 客户, 客户名称, 客户姓名, 联系人, 全名
family_name: last name, surname, family name, nachname, familienname, nom de famille, apellido, apellidos,
 姓, 姓氏
given_name: first name, given name, forename, vorname, prénom, nombre, 名
salutation: salutation, name prefix, prefix, anrede, civilité, tratamiento, 称谓, 称呼, 尊称
status: customer status, lifecycle stage, lead status, 状态, 客户状态
category: customer group, segment, market segment, kategorie, kundengruppe, catégorie, categoría, 分类,
 客户分类
grade: rating, class, klasse, bewertung, 等级, 级别, 客户等级
account_manager: account manager, owner, account owner, contact owner, company owner, sales rep,
 salesperson, sales representative, kundenbetreuer, betreuer, responsable, comercial, 客户经理, 负责人,
 业务员, 销售
tags: tag, tags, labels, label, categories, keywords, group membership, stichwörter, kategorien,
 étiquettes, etiquetas, 标签, 分组
customer_since: customer since, client since, since, kunde seit, client depuis, cliente desde, 成交日期
source: lead source, account source, original source, quelle, origine, origen, 来源, 客户来源
loyalty_step: loyalty step
binds: what binds them
lost_on: lost on
lost_on_advice_of: on whose advice
won_back_on: won back on
referred_by: referred by, referrer, empfohlen von, recommandé par, recomendado por, 介绍人, 推荐人
messengers@WeChat.value: wechat, we chat, weixin, 微信, 微信号
messengers@QQ.value: qq, qq号
messengers@WhatsApp.value: whatsapp
messengers@Telegram.value: telegram
messengers@Skype.value: skype
birthday: birthday, birthdate, birth date, date of birth, dob, geburtstag, geburtsdatum, anniversaire,
 date de naissance, cumpleaños, fecha de nacimiento, 生日, 出生日期
may_keep: may be kept
may_contact: may be contacted
allowed_on: allowed on
allowed_how: how allowed
language: language, sprache, langue, idioma, 语言
positions@.organisation: company, company name, organization, organisation, organization name,
 organization 1 name, account name, employer, associated company, default address company, firma,
 unternehmen, société, entreprise, empresa, 公司, 公司名称, 单位, 企业
positions@.title: job title, position, role, function, occupation, organization title,
 organization 1 title, funktion, fonction, poste, puesto, cargo, 职位, 职务, 岗位
positions@.department: department, organization department, organization 1 department, abteilung,
 département, departamento, 部门
industry: industry, sector, branche, secteur, 行业
size: employees, number of employees, headcount, company size, mitarbeiter, effectif, empleados, 员工数,
 人数
annual_revenue: annual revenue, jahresumsatz, chiffre d affaires, ingresos anuales, 年收入, 年营业额
tax_number: tax id, tax number, vat, vat number, vat id, ust idnr, steuernummer, numéro de tva, nif, cif,
 税号
website: website, web page, web page 1, web site, url, homepage, website 1 value, company domain name,
 website url, webseite, site web, sitio web, 网址, 网站
parent: parent, parent account, parent company, muttergesellschaft, 上级单位
payment_terms: payment terms, zahlungsbedingungen, conditions de paiement, 付款方式, 账期
credit_limit: credit limit, kreditlimit, limite de crédit, 信用额度
currency: currency, billing currency, währung, devise, moneda, 币种, 货币
background: notes, note, background, comment, comments, description, remarks, customer details, notizen,
 notiz, bemerkung, bemerkungen, remarques, commentaire, notas, observaciones, 备注, 说明, 背景
interests: hobby, hobbies, interests, interessen, loisirs, intereses, 兴趣, 爱好
education: education, ausbildung, bildung, formation, 学历, 教育
family: spouse, partner, family, familie, conjoint, 家庭, 配偶
service_need: needs from service
unspoken_requests: unspoken requests
likes_to_deal_with: likes to deal with
obstacles: obstacles between us
time_zone: time zone, timezone, zeitzone, 时区
next_contact_on: next contact, next call, wiedervorlage, 下次联系
next_contact_why: why
not_before: contact snoozed to
rhythm_longest: at the latest days
do_not_contact: do not contact, do not call
addresses@.street: address, street, street address, street and number, address 1, address1,
 address line 1, address 2, address2, address line 2, address line 3, street 2, adresszusatz,
 primary address, customer primary address, bill address, straße, strasse, adresse,
 anschrift, rue, calle, dirección, 地址, 街道, 详细地址, 联系地址, 通讯地址
addresses@.postcode: postcode, post code, postal code, zip, zip code, zipcode, plz, postleitzahl,
 code postal, código postal, 邮编, 邮政编码
addresses@.city: city, town, ort, stadt, ville, ciudad, 城市, 市
addresses@.region: state, province, region, county, state province, bundesland, région, provincia, 省,
 省份
addresses@.country: country, country region, land, pays, país, 国家
phones@.value: phone, phone number, phone numbers, telephone, tel, telefon, telefonnummer, rufnummer,
 téléphone, teléfono, 电话, 联系电话, 电话号码, 联系方式
phones@mobile.value: mobile, mobile phone, mobile number, mobile no, cell, cell phone, cellphone, handy,
 mobil, mobiltelefon, portable, móvil, celular, 手机, 手机号, 手机号码, 移动电话
phones@work.value: 办公电话, 公司电话, 工作电话, telefon geschäftlich
phones@home.value: 家庭电话, 住宅电话, 家电, telefon privat
phones@fax.value: fax, fax number, telefax, télécopie, 传真
emails@.value: email, e mail, mail, email address, e mail address, email id, e mail adresse, courriel,
 correo, correo electrónico, 邮箱, 电子邮件, 电子邮箱, 邮件, 邮箱地址
"""

    code: str = field(
        Text(9), N_("Code"), group=CLASSIFICATION, hint=N_("leave blank for the next free code")
    )
    kind: str = field(KIND, N_("Kind"), group=CLASSIFICATION, required=True, first=1)
    full_name: str = field(
        Text(24),
        N_("Full name"),
        group=CLASSIFICATION,
        required=True,
        private=True,
        aliases=("name",),
        first=2,
    )
    status: str = field(STATUS, N_("Status"), group=CLASSIFICATION, first=6)
    category: str = field(
        PATH,
        N_("Category"),
        group=CLASSIFICATION,
        hint=N_("separate levels with a slash: Wholesale / East"),
        first=7,
    )
    grade: str = field(Text(5), N_("Grade"), group=CLASSIFICATION)
    account_manager: str = field(
        TEXT, N_("Account manager"), group=CLASSIFICATION, aliases=("manager",), first=9
    )
    tags: tuple[str, ...] = field(TAGS, N_("Tags"), group=CLASSIFICATION, aliases=("tag",), first=8)
    customer_since: date | None = field(DATE, N_("Customer since"), group=CLASSIFICATION, aliases=("since",))
    source: str = field(TEXT, N_("Source"), group=CLASSIFICATION, hint=N_("campaign, referral, walk-in"))
    referred_by: Ref = field(Link("customers", free=True), N_("Referred by"), group=CLASSIFICATION)
    loyalty_step: str = field(LOYALTY_STEP, N_("Loyalty stage"), group=CLASSIFICATION)
    loyalty_type: str = field(LOYALTY_TYPE, N_("Loyalty type"), group=CLASSIFICATION)
    binds: str = field(BINDS, N_("Loyalty driver"), group=CLASSIFICATION)
    lost_on: date | None = field(DATE, N_("Lost date"), group=CLASSIFICATION)
    lost_reason: str = field(LOST_REASON, N_("Lost reason"), group=CLASSIFICATION)
    lost_to: str = field(TEXT, N_("Lost to"), group=CLASSIFICATION)
    lost_on_advice_of: str = field(TEXT, N_("Advised to switch by"), group=CLASSIFICATION)
    won_back_on: date | None = field(DATE, N_("Won-back date"), group=CLASSIFICATION)
    earlier_losses: tuple[Loss, ...] = field(
        LOSSES,
        N_("Earlier losses"),
        group=CLASSIFICATION,
        hint=N_("2024-03-01..2024-06-01 cheaper elsewhere"),
    )
    links: tuple[str, ...] = field(
        FILES, N_("Linked files"), group=CLASSIFICATION, hint=N_("paths, separated by commas")
    )

    family_name: str = field(TEXT, N_("Family name"), group=PERSONAL, private=True)
    given_name: str = field(TEXT, N_("Given name"), group=PERSONAL, private=True)
    salutation: str = field(TEXT, N_("Salutation"), group=PERSONAL)
    phones: tuple[Phone, ...] = field(
        ListOf(Phone, N_("phone")), N_("Phone"), group=PERSONAL, private=True, aliases=("phone",), first=3
    )
    emails: tuple[Email, ...] = field(
        ListOf(Email, N_("e-mail")),
        N_("E-mail"),
        group=PERSONAL,
        private=True,
        aliases=("email",),
        first=4,
    )
    messengers: tuple[Messenger, ...] = field(
        ListOf(Messenger, N_("messenger")),
        N_("Messenger"),
        group=PERSONAL,
        private=True,
        aliases=("messenger",),
    )
    addresses: tuple[Address, ...] = field(
        ListOf(Address, N_("address")), N_("Address"), group=PERSONAL, private=True, aliases=("address",)
    )
    birthday: PartialDate | None = field(PARTIAL_DATE, N_("Birthday"), group=PERSONAL, private=True)
    language: str = field(TEXT, N_("Language"), group=PERSONAL)
    may_keep: str = field(ALLOWED, N_("Data consent"), group=PERSONAL)
    may_contact: str = field(ALLOWED, N_("Contact consent"), group=PERSONAL)
    allowed_on: date | None = field(DATE, N_("Consent date"), group=PERSONAL)
    allowed_how: str = field(TEXT, N_("Consent source"), group=PERSONAL)

    positions: tuple[Position, ...] = field(
        ListOf(Position, N_("position")),
        N_("Position"),
        group=ORGANISATION,
        aliases=("position",),
        first=5,
    )
    industry: str = field(TEXT, N_("Industry"), group=ORGANISATION, only="organisation")
    size: int | None = field(Whole(), N_("Employees"), group=ORGANISATION, only="organisation")
    annual_revenue: Decimal | None = field(
        MONEY, N_("Annual revenue"), group=ORGANISATION, only="organisation"
    )
    tax_number: str = field(TEXT, N_("Tax number"), group=ORGANISATION, only="organisation")
    website: str = field(WEB, N_("Website"), group=ORGANISATION)
    parent: Ref = field(
        Link("customers", free=True), N_("Parent organisation"), group=ORGANISATION, only="organisation"
    )
    payment_terms: str = field(TEXT, N_("Payment terms"), group=ORGANISATION)
    credit_limit: Decimal | None = field(MONEY, N_("Credit limit"), group=ORGANISATION)
    currency: str = field(CURRENCY, N_("Currency"), group=ORGANISATION)

    background: str = field(LONG_TEXT, N_("Background"), group=BACKGROUND, private=True)
    interests: str = field(TEXT, N_("Interests"), group=BACKGROUND, private=True)
    education: str = field(TEXT, N_("Education"), group=BACKGROUND, private=True)
    family: str = field(TEXT, N_("Family"), group=BACKGROUND, private=True)
    working_style: str = field(WORKING_STYLE, N_("Working style"), group=BACKGROUND)
    listening_style: str = field(LISTENING_STYLE, N_("Listening style"), group=BACKGROUND)
    service_need: str = field(SERVICE_NEED, N_("Service expectations"), group=BACKGROUND)
    special_requests: str = field(LONG_TEXT, N_("Special requests"), group=BACKGROUND)
    unspoken_requests: str = field(LONG_TEXT, N_("Unspoken needs"), group=BACKGROUND)
    likes_to_deal_with: str = field(TEXT, N_("Preferred contact"), group=BACKGROUND)
    obstacles: str = field(LONG_TEXT, N_("Relationship issues"), group=BACKGROUND)
    product_use: tuple[ProductUse, ...] = field(
        ListOf(ProductUse, N_("product in use")), N_("Products in use"), group=BACKGROUND
    )

    time_zone: str = field(ZONE, N_("Time zone"), group=CONTACT_TIMES, hint=N_("Asia/Shanghai, Berlin"))
    preferred_channel: str = field(CHANNEL, N_("Preferred channel"), group=CONTACT_TIMES)
    windows: tuple[Window, ...] = field(
        ListOf(Window, N_("time window")),
        N_("Best hours"),
        group=CONTACT_TIMES,
        hint=N_("Mon-Fri 9-17 phone office"),
    )
    exceptions: tuple[Absence, ...] = field(
        ListOf(Absence, N_("day off")),
        N_("Days off"),
        group=CONTACT_TIMES,
        hint=N_("2026-12-24..2027-01-02 holidays"),
    )
    do_not_contact: bool = field(FLAG, N_("Do not contact"), group=CONTACT_TIMES)
    rhythm_ideal: int | None = field(Whole(1, 3650), N_("Contact every (days)"), group=CONTACT_TIMES)
    rhythm_longest: int | None = field(Whole(1, 3650), N_("Maximum gap (days)"), group=CONTACT_TIMES)
    next_contact_on: date | None = field(
        COMING_DATE, N_("Next contact"), group=CONTACT_TIMES, aliases=("next",), ahead=True, first=10
    )
    next_contact_why: str = field(TEXT, N_("Reason for contact"), group=CONTACT_TIMES, first=11)
    not_before: date | None = field(
        COMING_DATE,
        N_("Snoozed to"),
        group=CONTACT_TIMES,
        ahead=True,
        hint=N_("set by Snooze: hidden from Today until this day"),
    )

    provenance: tuple[Provenance, ...] = field(
        ListOf(Provenance, N_("provenance")), N_("Provenance"), group=PROVENANCE
    )


def workplace(customer: Customer, ctx: Context) -> str:
    """Return a person's current organisation and job title, "North Trade · buyer"; "" if unknown."""
    position = next((position for position in customer.positions if not position.until), None)
    if position is None:
        return ""
    named = Position.FIELDS["organisation"].type.show(position.organisation, ctx)
    return " · ".join(filter(None, [named, position.title]))
