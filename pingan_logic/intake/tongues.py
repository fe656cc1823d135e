"""How likely a cell of a few characters is a name of persons, places or offices in a language.

Names are looked at in three ways: as one of known places, as a surname and a given name, and as
characters that names of the language are made of. The lists are of common ones, not complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import log

from attrs import frozen

__all__ = ["CHINESE", "JAPANESE", "KOREAN", "TAIWANESE", "Tongue"]


@frozen
class Tongue:
    """Names of a language. `letters` are those it is written with, commonest first: a test of a
    character, how many pass it, and their share; `common` the characters of most names, `surnames`,
    characters of `given` names and how many a name has (`longest`), `places` and their `ends`.
    """

    letters: tuple[tuple[Callable[[str], bool], int, float], ...]
    common: frozenset[str]
    surnames: frozenset[str]
    given: frozenset[str]
    places: frozenset[str]
    ends: str
    longest: int

    def likelihood(self, text: str) -> float:
        """Return the logarithm of how likely the names in `text` are; ASCII says nothing, and a
        name that comes again no more."""
        return sum(map(self._name, dict.fromkeys(_NAMES.findall(text))))

    def _name(self, name: str) -> float:
        name = name[:_ENOUGH]
        as_characters = self.characters(name, self.common)
        return log(0.4 * as_characters + 0.3 * self._as_person(name) + 0.3 * self._as_place(name))

    def characters(self, text: str, usual: frozenset[str]) -> float:
        """Return how likely a text is of which most characters are `usual` ones."""
        chance = 1.0
        for c in text:
            share = next((share / n for test, n, share in self.letters if test(c)), _STRANGE)
            chance *= share + (_MOST / len(usual) if c in usual else 0)
        return chance

    def _as_person(self, name: str) -> float:
        return max(
            (
                self.characters(name[n:], self.given) / len(self.surnames)
                for n in (1, 2, 3)
                if name[:n] in self.surnames and len(name) - n <= self.longest
            ),
            default=0.0,
        )

    def _as_place(self, name: str) -> float:
        if name in self.places or (name[-1] in self.ends and name[:-1] in self.places):
            return 1 / len(self.places)
        if len(name) > 1 and name[-1] in self.ends:
            return self.characters(name[:-1], self.common) / len(self.ends)
        return 0.0


_NAMES = re.compile(r"[^\x00-\x7f\u3000]+")
_ENOUGH = 12
"""Characters of a long text that are looked at."""
_MOST = 0.8
_STRANGE = 1e-6
"""How likely a sign is that is no letter of the language."""


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _level(first: int, last: int) -> Callable[[str], bool]:
    """Return the test of a character whose first byte in GB2312 is so."""

    def test(c: str) -> bool:
        try:
            return first <= c.encode("gb2312")[0] <= last
        except UnicodeEncodeError:
            return False

    return test


def _between(first: str, last: str) -> Callable[[str], bool]:
    return lambda c: first <= c <= last


CHINESE = Tongue(
    letters=(
        (_level(0xB0, 0xD7), 3755, 0.14),
        (_level(0xD8, 0xF7), 3008, 0.04),
        (_between("\u3400", "\U000323af"), 14000, 0.06),
        (_between("\u2010", "\u33ff"), 1000, 0.005),  # signs
    ),
    common=frozenset(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
        "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
        "龚邵万钱严覃武戴莫孔向汤伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建华国志永"
        "红玉梅春生云飞晓东海波宁福亮成康星光天达安岩中茂进有坚和彪博诚先敬震振壮会思群豪心邦承乐"
        "绍功松善厚庆民友裕河哲佳美惠珠翠雅芝萍月莺媛瑞凡嘉琼勤珍贞莉凤洁琳素莲真环雪荣爱妹香荷菊"
        "淑枝婷宝德忠义仁清洪新利大小老长少子阳山水木火土银铜铁村镇乡街道社区县市省州组队屯庄堡坪"
        "坡岭岗桥口溪沟湖港冲塘坝湾洞坑窝场集店铺寨院里弄巷路号栋楼幢单元室学校幼儿园医卫公司厂局"
        "所站处委党政府机关企业家庭户农工商贸材食品服务第一二三四五六七八九十百千上下左右前后南西"
        "北内外旧古竹青柳花果桃杏枫樟茶麻油米禾豆瓜菜鱼虾牛羊猪鸡鸭虎鹤滨城岳君汨湘日初朝升合同兴"
        "旺顺吉祥富贵联众共胜团结解放跃锋旗丰盛发展望峰谷泉源头尾角边面俊厘玫澜弥雀冠积力拱急己朗"
        "垒楷蕾妍恺弘晨怡筱楠轩涵宇浩梓欣诗琪雨萱墨若曦熙皓煜睿航铭泽瑶菲璐倩薇岚芷淇逸霖毅经搬济"
        "浦渡沙磨盘庙亭阁台塔寺庵观祠墓碑牌坊栏杆脚步炼钢档案捞刀快活背弯狼犁救艇胶焊接荤馆寸滩车"
        "泥砖瓦纸印刷药粮加运输维修装饰制造的不了在是这为之来以个用们到说时要就出可也对能而那得着"
        "自过年作如然事多么去法都行定现动还主等样理相无开但因只从实故件纠纷刑治盗窃赌毒邪教访越级"
        "体伤亡灾交通爆炸责重较特般调化查适属情况未已否违规拆迁打架斗殴死受损失起引酒饭宾旅游电信"
        "网络保险邮储检察派税资畜牧养殡葬彩育广播图书物"
    ),
    surnames=frozenset(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶"
        "程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
        "郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞"
        "左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕"
        "屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧"
        "闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
    ),
    given=frozenset(
        "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建华国志永红玉梅春生云飞晓东海波宁"
        "福亮成康星光天达安岩中茂进有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲佳"
        "美惠珠翠雅芝萍月莺媛瑞凡嘉琼勤珍贞莉凤洁琳素莲真环雪荣爱妹香荷菊淑枝婷宝德忠义仁清洪新利"
        "大小老长少子阳山水木金鑫龙虎斌鹏林峰俊厘玫澜弥冠朗楷蕾妍恺弘晨怡筱楠轩涵宇浩梓欣诗琪雨萱"
        "墨若曦熙皓煜睿航铭泽瑶菲璐倩薇岚芷淇逸霖毅燕晶颖莹帆帅凯坤旭鸿根良才旺顺喜发财贵胜伯仲叔"
        "季元亨学政权立正初一二三四五六七八九"
    ),
    places=_words(
        "家庭 乡镇 街道 社区 编号 类别 名称 上级 年份 日期 单位 事件 等级 责任 备注 年度 理由 "
        "得分 排名 结果 类型 条款 变更 项目 值"
    ),
    ends="村镇乡县市区路街巷组户庄屯坪岭河港湾湖口桥厂局站所校院园",
    longest=2,
)

KOREAN = Tongue(
    letters=((_between("\uac00", "\ud7a3"), 2350, 0.2),),
    common=frozenset(
        "이다는의가을에고지하로서기사인도대어시부그정나수장일전국과으제원구상동여조면스회보신민화"
        "선안재계학중유생오비물결우발음위차천실통당호개강김촌리읍교성박최경주산평남북울목포순양영"
        "진창거관악마종암역청파방배삼논현잠용흥길은연미희숙철준훈석윤임한권황송류홍백허노심곽변채"
        "함태공근덕세봉춘곡월충무단아트빌라빛들새솔별쟁층소간난피해활체범죄절폭력골말터숲운광군번"
        "택건옥복명문형혁승규찬환열식빈웅란"
    ),
    surnames=frozenset(
        "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민진지엄원"
        "천방공현함변염추도소석선마길연표명기반라왕금옥육인맹제모탁국어은편용"
    ),
    given=frozenset(
        "영지현수정민서은준진자경호우숙성순예상미윤재철훈주원희옥하혜연승도아식명중건후동광남일길"
        "웅시보람석름유혁병춘빈종선환채태규찬범열형근덕세봉복란화기인학용창분말년림린나라솔슬별빛"
        "산강한율온권균국꺽"
    ),
    places=_words(
        "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주 "
        "경기도 강원도 충청북도 충청남도 전라북도 전라남도 경상북도 경상남도 제주도 충청도 전라도 "
        "경상도 수원 성남 의정부 안양 부천 광명 평택 동두천 안산 고양 과천 구리 남양주 오산 시흥 "
        "군포 의왕 하남 용인 파주 이천 안성 김포 화성 양주 포천 여주 연천 가평 양평 춘천 원주 "
        "강릉 동해 태백 속초 삼척 홍천 횡성 영월 평창 정선 철원 화천 양구 인제 양양 청주 충주 "
        "제천 보은 옥천 영동 진천 괴산 음성 단양 천안 공주 보령 아산 서산 논산 계룡 당진 금산 "
        "부여 서천 청양 홍성 예산 태안 전주 군산 익산 정읍 남원 김제 완주 진안 무주 장수 임실 "
        "순창 고창 부안 목포 여수 순천 나주 광양 담양 곡성 구례 고흥 보성 화순 장흥 강진 해남 "
        "영암 무안 함평 영광 장성 완도 진도 신안 포항 경주 김천 안동 구미 영주 영천 상주 문경 "
        "경산 의성 청송 영양 영덕 청도 고령 성주 칠곡 예천 봉화 울진 울릉 창원 진주 통영 사천 "
        "김해 밀양 거제 양산 의령 함안 창녕 고성 남해 하동 산청 함양 거창 합천 서귀포 강남 서초 "
        "송파 강동 마포 종로 용산 성동 광진 동대문 중랑 성북 강북 도봉 노원 은평 서대문 양천 강서 "
        "구로 금천 영등포 동작 관악 해운대 수영 기장 달서 수성 미추홀 연수 남동 부평 계양 유성 "
        "대덕 신림 역삼 명동 이태원 홍대 잠실 신촌 여의도 한강 한라 백두 설악"
    ),
    ends="시도군구읍면동리산역",
    longest=2,
)

JAPANESE = Tongue(
    letters=((_between("\u3041", "\u30fe"), 170, 0.3), (_between("\u4e00", "\u9fff"), 6400, 0.15)),
    common=frozenset(
        "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女"
        "北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨県市区町村郡都府道"
        "州島田野原松林森井藤内部社会家庭津崎岡宮城福岩青秋形茨栃群埼神奈新潟富石和歌鳥取根徳香愛"
        "媛知佐賀熊鹿児沖縄京阪兵庫良重滋静岐阜梨諏渡辺斎斉伊加吉清池橋阿近遠坂桜黒古平竹菊河沢久"
        "保口美幸正武義文明昭浩隆健誠郎太次介恵由里真紀直樹翔花陽葵交通事故災盗難駐場隣発住民被害"
        "全焼屋調停解件死傷者約束違反犯罪苦情騒音法律警察崇弘秀雄夫代江枝世仙台幌浜戸谷渋宿品目墨"
        "板練葛荒足立杉並豊央港関丸丘団地館荘園"
    ),
    surnames=_words(
        "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 "
        "木村 林 斎藤 斉藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 "
        "藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 "
        "原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 "
        "宮本 大野 小島 谷口 工藤 今井 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 "
        "上野 野口 武田 松井 千葉 岩崎 菅原 木下 久保 佐野 野村 松尾 市川 菊地 菊池 杉本 古川 "
        "大西 島田 水野 桜井 高野 渡部 山内 西田 飯田 西川 小松 北村 安田 五十嵐 川口 平田 関 "
        "中田 久保田 服部 東 岩田 土屋 川崎 福島 本田 辻 樋口 秋山 田口 永井 山中 中西 吉川 川上 "
        "大久保 石原 松岡 馬場 浅野 荒木 大谷 松浦 内藤 本間 黒田 尾崎 川村 永田 松村 望月 堀 "
        "大島 矢野 桑原 早川 菅野 小池 栗原 西山 白石 荒井 星野 須藤 大橋 片山 吉村 広瀬"
    ),
    given=frozenset(
        "一郎太介男夫雄也子美恵代香織里奈花菜結衣陽葵翔真直樹健浩隆誠正義明昭和弘秀次三二幸司英文"
        "武裕智哲達徹勇剛修学進博茂実豊清春夏秋冬桜梅千世江枝由紀加佳彩愛優希望未来舞桃萌咲沙あい"
        "うえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん大"
        "輔拓海蓮颯斗悠淳綾京助康篤零幹亮井治洋翼人聡涼平典孝"
    ),
    places=_words(
        "北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川 "
        "福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 "
        "山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄 札幌 仙台 横浜 川崎 "
        "相模原 名古屋 浜松 神戸 堺 北九州 函館 旭川 小樽 盛岡 水戸 宇都宮 前橋 高崎 川越 川口 "
        "所沢 船橋 柏 八王子 町田 金沢 松本 岡崎 豊田 豊橋 津 四日市 大津 姫路 西宮 尼崎 東大阪 "
        "松江 倉敷 下関 松山 高松 久留米 佐世保 那覇 別府 渋谷 新宿 世田谷 品川 目黒 大田 中野 "
        "杉並 豊島 北 荒川 板橋 練馬 足立 葛飾 江戸川 江東 墨田 台東 文京 港 中央 千代田 浅草 "
        "上野 秋葉原 銀座 六本木 池袋 大田区 日本 日光 鎌倉 箱根 軽井沢 伊豆 熱海 富士 吉祥寺 "
        "三鷹 立川 府中 調布 国分寺"
    ),
    ends="県市区町村都府郡駅",
    longest=3,
)

TAIWANESE = Tongue(
    letters=((_between("\u4e00", "\u9fff"), 13000, 0.2),),
    common=frozenset(
        "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自去之過家學"
        "對可後小心多天能好都日於起發成事作當文無開手十用主行方前所本見經頭面公同三老動兩長民縣鄉"
        "鎮區市路街巷村里號東西南北山水新州省島阿巴加卡尼亞利爾拉斯特德士瓦米馬克門比布哈安基內伊"
        "古維達聖社鄰段弄樓室院校處臺台高雄林竹花蓮屏雲義嘉彰投苗栗宜蘭澎湖金桃園板橋淡重永正信松"
        "萬華港福興光復忠孝仁愛平"
    ),
    surnames=frozenset(
        "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙"
        "顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓阮馬董溫唐藍蔣石古紀姚連馮歐程湯黎田康姜白汪鄒尤巫鐘涂"
        "龔嚴韓袁金童陸夏柳凃邵錢伍倪于譚駱熊任甘秦顧毛章史官萬俞雷粘饒闕凌崔尹孔陽"
    ),
    given=frozenset(
        "美志秀淑麗宏華文玉明雄俊玲惠雅家建豪柏珍娟宇冠珠素怡翰英琴廷卿宗承雲蘭傑成鳳正金芬龍國婷"
        "翔榮慧恩偉貞銘進睿霖子宜義靜強春梅月輝昌霞欣賢香雯蓁興君諺哲品娥信世詩涵瑋寶忠萍憲秋鴻勝"
        "宥良敏蓮永彥碧枝誠菲發芳佳德嘉宸維妤中鈺苡祥雪聰心威凱彬武政章財博遠芸筑軒仁晴彤欽蓉碩妍"
        "男雨霏思安陽佩珊穎辰玥禹詠郁婉佑語大小三水木火土生"
    ),
    places=_words(
        "臺北 台北 新北 桃園 臺中 台中 臺南 台南 高雄 基隆 新竹 嘉義 苗栗 彰化 南投 雲林 屏東 "
        "宜蘭 花蓮 臺東 台東 澎湖 金門 連江 馬祖 大安 中正 信義 松山 萬華 文山 士林 北投 內湖 "
        "南港 大同 中山 板橋 三重 中和 永和 新莊 新店 土城 蘆洲 樹林 汐止 鶯歌 三峽 淡水 瑞芳 "
        "中壢 平鎮 八德 楊梅 蘆竹 大溪 竹北 竹東 頭份 豐原 大里 太平 清水 沙鹿 大甲 東勢 員林 "
        "鹿港 和美 溪湖 埔里 草屯 竹山 斗六 斗南 虎尾 西螺 北港 太保 朴子 民雄 新營 永康 安平 "
        "善化 鳳山 左營 楠梓 三民 苓雅 前鎮 小港 岡山 旗山 美濃 潮州 東港 恆春 羅東 頭城 蘇澳 "
        "壽豐 玉里 馬公 香港 九龍 新界 澳門 忠孝 仁愛 和平 復興 民生 民族 民權 中華"
    ),
    ends="縣市區鄉鎮里村路街",
    longest=2,
)
