"""Names that other programs and users give to our fields, in English, Chinese, German, French and Spanish.

Each line is a path, a colon and names separated by commas; `normal` defines which headers are equal. In a path such as
`addresses@work.street`, "work" is the label of a list part; columns with the same label belong to the same part.
"""

from __future__ import annotations

import re
from functools import cache

from archive.text import fold

_SIGNS = re.compile(r"[\s_\-./:,;()\[\]（）：、*#'’\"]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def normal(header: str) -> str:
    """Normalise a header for comparison: fold it, turn punctuation into blanks, and split "emailAddress"."""
    return _SIGNS.sub(" ", fold(_CAMEL.sub(" ", header))).strip()


_CUSTOMERS = """
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
referred_by: referred by, referrer, empfohlen von, recommandé par, recomendado por, 介绍人, 推荐人
messengers@WeChat.value: wechat, we chat, weixin, 微信, 微信号
messengers@QQ.value: qq, qq号
messengers@WhatsApp.value: whatsapp
messengers@Telegram.value: telegram
messengers@Skype.value: skype
birthday: birthday, birthdate, birth date, date of birth, dob, geburtstag, geburtsdatum, anniversaire,
 date de naissance, cumpleaños, fecha de nacimiento, 生日, 出生日期
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
parent: parent account, parent company, muttergesellschaft, 上级单位
payment_terms: payment terms, zahlungsbedingungen, conditions de paiement, 付款方式, 账期
credit_limit: credit limit, kreditlimit, limite de crédit, 信用额度
currency: currency, billing currency, währung, devise, moneda, 币种, 货币
background: notes, note, background, comment, comments, description, remarks, customer details, notizen,
 notiz, bemerkung, bemerkungen, remarques, commentaire, notas, observaciones, 备注, 说明, 背景
interests: hobby, hobbies, interests, interessen, loisirs, intereses, 兴趣, 爱好
education: education, ausbildung, bildung, formation, 学历, 教育
family: spouse, partner, family, familie, conjoint, 家庭, 配偶
time_zone: time zone, timezone, zeitzone, 时区
next_contact_on: next contact, next call, wiedervorlage, 下次联系
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

_PRODUCTS = """
code: code, sku, product code, product id, item code, item number, article number, artikelnummer, art nr,
 référence, referencia, 产品编号, 商品编号, 货号, 编码
name: name, product, product name, item, item name, article, artikel, bezeichnung, produit, producto,
 产品, 产品名称, 商品名称, 品名
category: category, product category, group, product group, kategorie, warengruppe, catégorie, categoría,
 分类, 类别
unit: unit, uom, unit of measure, einheit, unité, unidad, 单位
usual_price: price, unit price, list price, sales price, usual price, preis, prix, precio, 价格, 单价,
 售价
currency: currency, währung, devise, moneda, 币种, 货币
cost: cost, cost price, purchase price, einkaufspreis, coût, coste, 成本, 进价
"""

_CUSTOMER_OF = """
customer: customer, client, customer name, client name, buyer, purchaser, account, account name,
 customer id, client id, customer no, customer number, customer code, master id, kunde, kundenname,
 kundennummer, kunden nr, cliente, nom du client, billing name, bikeshop name, shop, shop name, dealer,
 reseller, company, company name, user id, 客户, 客户名称, 客户姓名, 客户编号, 买方, 购货单位
"""

_TRANSACTIONS = (
    _CUSTOMER_OF
    + """
on: date, on, order date, purchase date, invoice date, transaction date, sale date, sales date,
 created at, day, datum, bestelldatum, rechnungsdatum, kaufdatum, date de commande, fecha,
 fecha de pedido, 日期, 订单日期, 下单日期, 交易日期, 销售日期
type: type, transaction type, kind, art, 类型
number: number, order id, order number, order no, order, invoice, invoice number, invoice no,
 receipt number, bestellnummer, auftragsnummer, rechnungsnummer, numéro de commande, número de pedido,
 单号, 订单号, 订单编号, 发票号
product: product, product name, item, item name, model, article, lineitem name, artikel, produkt, produit,
 producto, goods, description, 产品, 产品名称, 商品, 商品名称, 品名, 货品
category: category, category 1, product category, group, kategorie, warengruppe, catégorie, categoría,
 类别, 分类, 品类
quantity: quantity, qty, pieces, items, units, count, lineitem quantity, menge, anzahl, stück, quantité,
 cantidad, 数量
unit: unit, uom, unit of measure, einheit, unité, unidad, 单位
unit_price: price, unit price, price each, lineitem price, preis, einzelpreis, prix, prix unitaire,
 precio, precio unitario, 单价, 价格
discount: discount, discount percent, rabatt, remise, descuento, 折扣
amount: amount, total, total price, line total, sum, value, sales, revenue, turnover, net amount, dollars,
 spend, betrag, summe, gesamt, umsatz, gesamtpreis, montant, importe, 金额, 总价, 总额, 合计, 销售额
currency: currency, währung, devise, moneda, 币种, 货币
cost: cost, costs, kosten, coût, coste, 成本
due_on: due, due date, due on, payment due, fällig am, fälligkeit, échéance, vencimiento, 到期日,
 付款期限
terms: terms, payment terms, zahlungsbedingungen, 付款条件, 条款
channel: channel, sales channel, kanal, canal, 渠道
campaign: campaign, campaign name, kampagne, campagne, campaña, 活动, 活动名称
contract: contract, contract number, contract no, agreement, vertrag, vertragsnummer, contrat, contrato, 合同,
 合同号, 合同编号
term: term, contract term, contract item, vertragsposition, 合同条款, 条款号
expected_on: expected, expected on, expected date, expected close, close date, abschluss erwartet, 预计日期,
 预计成交日期
outcome: outcome, result, stage, ergebnis, résultat, resultado, 结果
lost_to: lost to, competitor, verloren an, wettbewerber, concurrent, competidor, 竞争对手, 流失去向
reason: reason, lost reason, grund, raison, motivo, 原因
note: note, notes, comment, comments, remark, remarks, bemerkung, notiz, remarque, nota, 备注, 说明
likelihood: likelihood, probability, wahrscheinlichkeit, 概率, 可能性
"""
)

_INTERACTIONS = (
    _CUSTOMER_OF
    + """
at: at, date, time, date and time, when, datum, zeitpunkt, fecha, 日期, 时间, 联系时间
channel: channel, type, activity type, kanal, canal, 渠道, 方式, 联系方式
summary: summary, subject, note, notes, text, description, content, comment, betreff, inhalt, notiz,
 résumé, resumen, 摘要, 内容, 备注
follow_up_on: follow up, follow up date, next contact, wiedervorlage, 跟进日期
outcome: outcome, result, ergebnis, résultat, resultado, 结果
minutes: minutes, duration, dauer, durée, duración, 分钟, 时长
place: place, location, ort, lieu, lugar, 地点
by: by, user, owner, author, von, 经手人, 业务员
direction: direction, richtung, 方向
"""
)

_CONTRACTS = (
    _CUSTOMER_OF
    + """
number: number, contract, contract number, contract no, contract id, agreement number, vertragsnummer,
 vertrag nr, numéro de contrat, número de contrato, 合同编号, 合同号, 编号, 单号
title: title, subject, contract title, contract name, name, description, titel, bezeichnung, betreff, objet,
 título, 合同名称, 标题, 名称, 主题
start: start, start date, begin, begins on, from, valid from, effective date, beginn, laufzeit von, début,
 inicio, 开始日期, 生效日期, 起始日期
end: end, end date, ends on, to, until, valid to, expiry, expiry date, expires, ende, laufzeit bis, fin,
 vencimiento, 结束日期, 到期日, 终止日期
signed_on: signed, signed on, signature date, date signed, unterzeichnet am, unterschrieben am, signé le,
 firmado el, 签订日期, 签署日期, 签约日期
signee: signee, signed by, signatory, unterzeichner, signataire, firmante, 签字人, 签署人, 签约人
value: value, contract value, amount, total, volume, wert, vertragswert, montant, importe, 合同金额, 金额, 总额
currency: currency, währung, devise, moneda, 币种, 货币
cancelled_on: cancelled, cancelled on, canceled on, cancellation date, terminated on, gekündigt am,
 résilié le, cancelado el, 解约日期, 取消日期
renews: renews, auto renew, auto renewal, automatic renewal, verlängert sich, reconduction tacite,
 renovación automática, 自动续约, 自动续签
notice_period: notice, notice period, cancellation period, kündigungsfrist, préavis, preaviso, 通知期,
 提前通知期
terms_text: wording, text, terms text, notes, wortlaut, texte, texto, 合同文本, 正文, 备注
terms: terms, contract terms, items, positions, positionen, conditions, condiciones, 条款, 合同条款
"""
)

_WALLETS = (
    _CUSTOMER_OF
    + """
category: category, product category, product group, group, kategorie, warengruppe, catégorie, categoría,
 类别, 分类, 品类
period_from: period from, from, start, start date, von, zeitraum von, du, desde, 期初, 开始日期
period_to: period to, to, until, end, end date, bis, zeitraum bis, au, hasta, 期末, 结束日期
total: total, total spend, total spending, spend, wallet, budget, volume, gesamtbedarf, bedarf, gesamt,
 dépense totale, gasto total, 总支出, 总需求, 采购总额, 总额
currency: currency, währung, devise, moneda, 币种, 货币
suppliers: suppliers, supplier, competitors, competitor, lieferanten, wettbewerber, fournisseurs,
 proveedores, 供应商, 竞争对手
source: source, quelle, origine, fuente, 来源
confidence: confidence, certainty, sicherheit, confiance, confianza, 可信度, 把握
as_of: as of, known on, date, stand, datum, 截至日期, 日期
note: note, notes, comment, comments, remark, remarks, bemerkung, notiz, remarque, nota, 备注, 说明
"""
)

_CAMPAIGNS = """
name: name, campaign, campaign name, title, kampagne, campagne, campaña, 活动, 活动名称, 名称
channel: channel, medium, type, campaign type, kanal, canal, 渠道, 媒介, 类型
goal: goal, objective, purpose, aim, ziel, objectif, objetivo, 目标, 目的
start: start, start date, begin, from, beginn, début, inicio, 开始日期, 开始时间
end: end, end date, until, to, ende, fin, 结束日期, 结束时间
cost: cost, costs, actual cost, budget, spend, kosten, coût, coste, 费用, 成本, 预算
currency: currency, währung, devise, moneda, 币种, 货币
audience: audience, members, recipients, targets, zielgruppe, empfänger, cible, público, 受众, 名单, 目标客户
held_back: held back, control group, control, holdout, kontrollgruppe, groupe témoin, grupo de control,
 对照客户, 对照组
note: note, notes, description, comment, bemerkung, notiz, remarque, nota, 备注, 说明
"""

_PLANS = (
    _CUSTOMER_OF
    + """
step: step, task, action, activity, to do, todo, subject, schritt, aufgabe, étape, tâche, paso, tarea, 步骤,
 任务, 事项, 行动
goal: goal, objective, target, ziel, objectif, objetivo, 目标, 目的
stage: stage, phase, status, stadium, étape du plan, fase, 阶段
resources: resources, needs, mittel, ressourcen, ressources, recursos, 资源
due_on: due, due date, due on, deadline, by, fällig am, termin, échéance, vencimiento, 到期日, 截止日期
promised: promised, promised to the customer, promise, commitment, versprochen, zugesagt, promis, prometido,
 已承诺, 承诺
done_on: done, done on, completed, completed on, finished on, erledigt am, terminé le, hecho el, 完成日期
note: note, notes, comment, comments, bemerkung, notiz, remarque, nota, 备注, 说明
"""
)

_TABLES = {
    "customers": _CUSTOMERS,
    "products": _PRODUCTS,
    "transactions": _TRANSACTIONS,
    "interactions": _INTERACTIONS,
    "contracts": _CONTRACTS,
    "wallets": _WALLETS,
    "campaigns": _CAMPAIGNS,
    "plans": _PLANS,
}


@cache
def synonyms(table: str) -> dict[str, str]:
    """Return the path for each known name of a table; names are in the form of `normal`."""
    found: dict[str, str] = {}
    for line in _TABLES.get(table, "").replace(",\n ", ", ").split("\n"):
        path, _colon, words = line.partition(": ")
        for word in filter(None, words.split(",")):
            found.setdefault(normal(word), path)
    return found


# Words next to "phone", "e-mail" or a part of an address, and the label that they imply; "" for none.
LABELS = {
    **dict.fromkeys(("work", "business", "office", "job", "geschaftlich", "dienstlich", "arbeit"), "work"),
    **dict.fromkeys(("home", "private", "privat", "personal", "residence"), "home"),
    **dict.fromkeys(("mobile", "cell", "mobil", "handy"), "mobile"),
    **dict.fromkeys(("other", "weitere", "weiterer", "weiteres", "secondary", "alternate"), "other"),
    **dict.fromkeys(("billing", "bill", "invoice"), "billing"),
    **dict.fromkeys(("shipping", "ship", "delivery"), "shipping"),
    "mailing": "mailing",
    "fax": "fax",
    "pager": "pager",
    "main": "main",
    **dict.fromkeys(("primary", "default", "contact", "company"), ""),
}
# The nouns that identify a path, whatever labels and numbers are next to them.
WORDS = {
    "phones@{}.value": ("phone", "phones", "telephone", "tel", "telefon", "mobiltelefon", "fax", "pager"),
    "emails@{}.value": ("email", "mail", "emails"),
    "addresses@{}.street": ("street", "address1", "strasse", "address"),
    "addresses@{}.postcode": ("postcode", "zip", "zipcode", "postleitzahl", "plz"),
    "addresses@{}.city": ("city", "town", "ort"),
    "addresses@{}.region": ("state", "province", "region", "bundesland", "kanton"),
    "addresses@{}.country": ("country", "land"),
}
FILLERS = frozenset("e number no code postal adresse region land kanton 1 bundesland r".split())
