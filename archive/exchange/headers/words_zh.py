"""Chinese column headers by field key; `phones.value` is the word for `value` within that list."""

_CUSTOMER = """
    code 编号  kind 类别  full_name 姓名  status 状态  category 分类  grade 等级  account_manager 客户经理
    tags 标签  customer_since 成为客户日期  source 来源  referred_by 介绍人  loyalty_step 忠诚阶梯
    loyalty_type 忠诚类型  binds 维系因素  lost_on 流失日期  lost_reason 流失原因  lost_to 流失去向
    lost_on_advice_of 听谁建议  won_back_on 赢回日期  earlier_losses 以往流失  links 关联文件
    family_name 姓  given_name 名  salutation 称呼  phones 电话  emails 邮箱  messengers 即时通讯  addresses 地址
    birthday 生日  language 语言  may_keep 可保存  may_contact 可联系  allowed_on 许可日期  allowed_how 许可方式
    positions 职位  industry 行业  size 员工人数  annual_revenue 年营业额  tax_number 税号  website 网站
    parent 上级单位  payment_terms 付款条件  credit_limit 信用额度  currency 货币
    background 背景  interests 兴趣  education 教育  family 家庭  working_style 工作风格  listening_style 倾听风格
    service_need 服务需求  special_requests 特殊要求  unspoken_requests 隐性要求  likes_to_deal_with 喜欢打交道的人
    obstacles 障碍  product_use 产品使用  time_zone 时区  preferred_channel 首选渠道  windows 联系时段
    exceptions 例外日期  do_not_contact 勿联系  rhythm_ideal 理想间隔天数  rhythm_longest 最长间隔天数
    next_contact_on 下次联系日期  next_contact_why 下次联系原因  not_before 推迟到  provenance 资料来源
"""
_PARTS = """
    value 号码  emails.value 地址  messengers.value 账号  label 标注  preferred 首选  service 服务
    street 街道门牌  postcode 邮编  city 城市  region 省份  country 国家
    organisation 单位  title 职务  department 部门  role 决策角色  since 起始日期  until 截止日期
    lost_on 流失日期  won_back_on 赢回日期  lost_reason 流失原因  lost_to 流失去向  lost_on_advice_of 听谁建议
    days 星期  start 开始时间  end 结束时间  channel 渠道  place 地点  first 首日  last 末日  reason 原因
    product 产品  adults 成人  children 儿童  units 台数  capacity 容量  daily_use 每日用量  use_per_head 人均每日用量
    deliver_unasked 主动送货  extra_tasks 送货附加事项  group 组别  how 方式  on 日期  by 经手人  verified_on 核实日期
"""
_OTHERS = """
    name 名称  unit 单位  usual_price 常用价格  cost 成本
    customer 客户  type 类型  number 单号  quantity 数量  unit_price 单价  discount 折扣  amount 金额
    due_on 到期日  terms 条款  campaign 活动  note 备注  expected_on 预计日期  likelihood 可能性  outcome 结果
    at 时间  summary 摘要  follow_up_on 跟进日期  follow_up 跟进事项  follow_up_done_on 跟进完成日期
    minutes 分钟  mood 情绪  direction 方向  contract 合同  term 合同条款
"""
# Keys that have another meaning as a top-level field: `start.start` is the field, `start` the part of a list.
_AGREED = """
    title.title 标题  start.start 开始日期  end.end 结束日期  value.value 合同金额  signed_on 签订日期  signee 签字人
    terms_text 合同文本  cancelled_on 解约日期  renews 自动续约  notice_period 通知期
    key 序号  requirement 要求  duty 责任方  deliveries 交付  fulfilled_on 履行日期  weight 权重  evidence 凭证
    period_from 期初  period_to 期末  total 总支出  suppliers 供应商  suppliers.name 供应商名称  rank 排名  why 选择原因
    confidence 可信度  as_of 截至日期
    goal 目标  audience 受众  held_back 对照客户  step 步骤  stage 阶段  resources 资源
    promised 已承诺  done_on 完成日期
"""
_EXTRA = "extra 其他"


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


CHINESE: dict[str, str] = (
    _pairs(_CUSTOMER) | _pairs(_PARTS) | _pairs(_OTHERS) | _pairs(_AGREED) | _pairs(_EXTRA)
)
