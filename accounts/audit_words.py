"""The codes of the audit trail in words. Codes are written by every floor; here they are only read."""

from django.apps import apps

ACTIONS = {
    "login": "登录",
    "login.phone": "手机登录",
    "login.failed": "登录失败",
    "logout": "退出",
    "unmask": "查看完整信息",
    "consent.given": "同意告知",
    "account.create": "新增账号",
    "account.change": "修改账号",
    "account.reset": "重置密码",
    "account.cancel": "注销账号",
    "account.restore": "恢复账号",
    "account.delete": "删除账号",
    "account.password": "修改密码",
    "account.password_failed": "原密码错误",
    "account.first_login": "首次登录完善信息",
    "office.save": "维护单位",
    "claim.made": "登记实名身份",
    "claim.joined": "关联人员",
    "claim.confirmed": "当面核对身份",
    "claim.superseded": "身份被替代",
    "claim.lapsed": "久未使用，需重新核对身份",
    "claim.pin_changed": "修改4位数字密码",
    "claim.pin_wrong": "4位数字密码输错",
    "claim.pin_forgotten": "说忘记了4位数字密码",
    "claim.pin_cleared": "当面核对后清除4位数字密码",
    "claim.pin_locked": "4位数字密码输错过多，暂停使用",
    "idcard.sent": "拍照识别身份证",
    "draft.started": "开始填写申请",
    "draft.saved": "保存申请",
    "draft.member_saved": "填写家庭成员",
    "draft.member_removed": "去掉家庭成员",
    "draft.deleted": "删除未提交的申请",
    "draft.expired": "清理过期的申请草稿",
    "file.added": "上传文件",
    "file.removed": "删除文件",
    "recording.added": "上传朗读录音",
    "recording.removed": "删除朗读录音",
    "case.submit": "提交申请",
    "case.withdraw": "撤回申请",
    "case.accept": "受理·通过",
    "case.refuse": "受理·不通过",
    "case.find_dangerous": "认定·C级或D级",
    "case.find_safe": "认定·A级或B级",
    "case.pass_review": "评议·通过",
    "case.fail_review": "评议·不通过",
    "case.end_publicity": "公示期满",
    "case.uphold_objection": "异议成立，退回评议",
    "case.pass_audit": "审核·通过",
    "case.confirm_failed_review": "审核·通过（确认评议不通过）",
    "case.fail_audit": "审核·不通过",
    "case.return_to_review": "回退至评议",
    "case.approve": "审批·通过",
    "case.reject": "审批·不通过",
    "case.return_to_audit": "回退至审核",
    "case.start_works": "组织实施·提交",
    "case.report_completion": "提交验收",
    "case.pass_inspection": "验收·通过",
    "case.fail_inspection": "验收·不通过",
    "case.terminate": "终止工单",
    "case.reopen_review": "同意重新评议",
    "case.opinion_amended": "修改乡镇街道审核意见",
    "case.rated": "满意度评价",
    "case.second_look_asked": "申请复核",
    "case.second_look_refused": "复核：维持评议不通过",
    "case.photos_requested": "请申请人补充照片",
    "case.photos_added": "申请人补充照片",
    "behalf.tail_wrong": "本人核对代办时后四位输错",
    "behalf.disowned": "本人不同意代办",
    "behalf.settled": "区县向本人核实代办，继续办理",
    "ladder.put_aside": "催办失败，暂停一小时",
    "case.forgotten": "期满后清除个人信息",
    "case.due_changed": "办理期限变动",
    "case.office_changed": "办理单位变动",
    "case.position_forgotten": "清除位置信息",
    "publicity.opened": "开始公示",
    "publicity.ended": "公示期满",
    "publicity.taken_down": "撤下公示",
    "objection.registered": "登记公示异议",
    "objection.dismissed": "异议不成立",
    "objection.upheld": "异议成立",
    "person.created": "新增人员",
    "household.created": "新增农户",
    "household.member_added": "新增家庭成员",
    "household.category_recorded": "记录身份类别",
    "household.benefit_recorded": "记录享受政策",
    "household.plan_recorded": "记录保障措施",
    "household.plan_completed": "保障措施已落实",
    "house.appraised": "记录房屋鉴定",
    "house.facts_recorded": "记录改造后房屋",
    "household.reviewed": "记录评议的人口和面积",
    "project.opened": "建立危改项目",
    "project.linked": "关联危改项目",
    "project.works_reported": "填报实施或竣工情况",
    "project.accepted": "验收通过，档案审核通过",
    "project.stopped": "项目取消或终止",
    "project.paid": "登记拨付",
    "project.payment_removed": "删除拨付记录",
    "artisan.created": "新增工匠",
    "artisan.changed": "修改工匠",
    "deadline.saved": "设置办理时限",
    "deadline.removed": "删除办理时限",
    "ladder.saved": "设置催办阶梯",
    "calendar.change": "工作日历变动",
    "outbox.retry": "重新处理搁置任务",
    "region.add": "新增区划",
    "region.rename": "区划更名",
    "region.recode": "区划变更编码",
    "region.move": "区划调整隶属",
    "region.close": "撤销区划",
    "region.merge": "合并区划",
    "region.enable": "开通或关闭网上申请",
    "admin.add": "系统管理：新增",
    "admin.change": "系统管理：修改",
    "admin.delete": "系统管理：删除",
    "admin.import": "系统管理：导入",
}


# Keys of changes that are no columns.
WORDS = {
    "slot": "用途", "name": "名称", "added": "新增", "source": "依据", "before": "原为", "after": "变更为",
    "step": "环节", "amount": "时限", "warn_before": "提前提醒", "move": "动作", "state": "状态", "due_at": "办理期限",
    "version": "版本", "duties": "职责", "count": "数量",
    "stars": "满意度", "cause": "起因", "grade": "等级", "conclusion": "结论",
    "new": "新增", "update": "修改", "delete": "删除", "skip": "未变", "error": "错误", "invalid": "无效",
    "file_sha256": "文件摘要", "sha256": "内容摘要",
}  # fmt: skip
TOPICS = {"sms": "发送短信", "renovation.recompute": "重新计算办理期限"}


def action_words(code: str) -> str:
    """What was done, in Chinese; an unknown code is shown as it is, because a trail hides nothing."""
    return ACTIONS.get(code, code)


def kind_words(kind: str) -> str:
    """The Chinese name of the kind of row that it was done to."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name) if kind else "—"
    except LookupError:
        return kind


def change_words(changes: dict, kind: str = "") -> str:
    """Field: before → after, one after the other; fields by their Chinese names where the kind of row has them."""
    try:
        fields = {field.name: field for field in apps.get_model(kind)._meta.concrete_fields} if kind else {}
    except LookupError:
        fields = {}
    return "；".join(_one(name, value, fields.get(name)) for name, value in changes.items()) or "—"


def _one(name: str, value, field) -> str:
    choices = dict(getattr(field, "flatchoices", None) or ())
    if choices:
        value = [choices.get(one, one) for one in value] if isinstance(value, list) else choices.get(value, value)
    return f"{field.verbose_name if field is not None else WORDS.get(name, name)}：{_value(value)}"


def _value(value) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_value(value[0]) or '空'} → {_value(value[1]) or '空'}"
    if isinstance(value, list):
        return "、".join(_value(one) for one in value)
    if isinstance(value, dict):
        return "，".join(f"{name} {_value(one)}" for name, one in value.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
