//! Every text of the command line in Chinese and English, in one table.

use hengjie_quantity::Lang;

macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        /// A text of the command line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Text {
            $($name,)*
        }

        impl Text {
            /// The text in a language.
            pub(crate) fn text(self, lang: Lang) -> &'static str {
                match self {
                    $(Self::$name => lang.pick($zh, $en),)*
                }
            }
        }
    };
}

texts! {
    About: "衡阶：制度即程序。检查制度文件，按制度计算，解释每一个数。", "Hengjie: the regulation is the program. Checks, runs and explains policy documents.";
    AfterHelp: "退出码：0 成功；1 制度或资料有错；2 用法不对；3 有结果在等资料、参数或人定；4 写不了文件或程序出错。", "Exit codes: 0 done; 1 faults in the policy or the facts; 2 wrong usage; 3 some results wait for facts, parameters or decisions; 4 output failed or internal fault.";
    Usage: "用法：", "Usage:";
    Commands: "命令", "Commands";
    Arguments: "参数", "Arguments";
    Options: "选项", "Options";
    Help: "显示帮助", "Print help";
    Version: "显示版本", "Print version";
    LangArg: "语言：zh 或 en（默认按环境变量 HENGJIE_LANG、LC_ALL、LANG）", "Language: zh or en (default: HENGJIE_LANG, LC_ALL, LANG)";
    JsonArg: "输出 JSON，给程序读", "Print JSON for programs";

    New: "起草一份制度：从示范制度或空白开始，写出来就能检查和试算", "Start a regulation from a sample policy or a blank that checks and runs at once";
    NewFolder: "放到哪个文件夹（还没有的，或者空的）", "Folder to write to; it must not exist yet, or be empty";
    NewFrom: "从哪一份示范制度，例如 s02（默认 blank，空白）", "The sample policy, such as s02 (default: blank)";
    NewName: "制度的名称（默认照示范制度）", "Name of the regulation (default: that of the sample)";
    NewList: "列出示范制度，每份一行", "List the sample policies, one line each";

    Check: "检查制度文件，列出所有错误和提醒", "Check policy documents and list every fault";
    CheckExplain: "说明一个问题代码，例如 HJ0403：意思、例子、改法", "Explain a code such as HJ0403: what it means, an example, how to mend it";
    CheckFiles: "制度文件，或制度文件夹", "Policy documents, or folders with a policy.md";

    Fmt: "整理制度文件的书写格式", "Format policy documents";
    FmtFiles: "制度文件，或制度文件夹", "Policy documents, or folders with a policy.md";
    FmtCheck: "只检查格式，不改文件；不合格式时退出码为 1", "Only check; exit with 1 when a file is not formatted";
    FmtTo: "关键字改成中文（zh）或英文（en）", "Convert keywords to Chinese (zh) or English (en)";

    Template: "按制度生成要填的资料表", "Make the tables to fill in for a policy";
    Policy: "制度文件，或制度文件夹", "Policy document, or folder with a policy.md";
    TemplateOut: "放到哪个文件夹", "Folder to write to";
    OnlyTemplate: "只要计算这些项目所需的表，用逗号分开", "Only the tables that these values need, separated by commas";

    Import: "把源系统的文件导入资料库：逐行检查，好的收下，不好的退回并说明原因", "Import files of a source system into a fact store: good rows are kept, the others handed back with the reasons";
    ImportData: "要导入的文件夹、工作簿，或一张表的文件", "Folder of files to import, a workbook, or the file of one table";
    StoreFolder: "资料库的文件夹", "Folder of the fact store";
    RecordedOn: "哪一天得知的，例如 2026-02-03", "The day on which this became known, such as 2026-02-03";
    ImportBy: "谁导入的，记在资料库里", "Who imports; the store keeps the name";
    ImportMapping: "对应文件（默认用文件夹里的 mapping.json）", "Mapping file (default: mapping.json in the folder)";
    ImportControl: "对账文件：表、项目、数值（默认用“对账”这张表）", "Control file with 表, 项目, 数值 (default: the table 对账)";
    ImportRejects: "没有导入的行写到哪里（默认 未导入.xlsx）", "Where the rejected rows go (default rejected.xlsx)";
    AllOrNothing: "有一行不好就全部不导入", "Import nothing when any row is wrong";
    Withdraw: "撤回：文件里列出的编号不再算数", "Withdraw the keys that the files list";
    Store: "列出资料库的每次导入，核对有没有被改过", "List the imports of a fact store and check that nothing was changed";
    Ownership: "归属：谁的客户（账户）从哪天起归谁，份额多少；记变动，列归属，找没有人管的", "Whose a customer or account is, from when and with which share: record changes, list tenures, find what nobody owns";
    OwnershipData: "记变动：写有“归属变动”的文件、工作簿或文件夹", "Record changes: a file, workbook or folder with 归属变动";
    OwnershipWithdraw: "撤回文件里列出编号的变动", "Withdraw the changes whose numbers the file lists";
    Uncovered: "找出这一天没有归属的对象（--on）", "Find the objects that nobody owns on a day (--on)";
    OwnershipOn: "只看这一天，例如 2026-02-03", "Only this day, such as 2026-02-03";
    OwnershipOf: "只看这个对象或归属人", "Only this object or owner";
    OwnershipRole: "身份（默认 管户）", "Role (default 管户)";
    OwnershipWhere: "只查这一列是这些值的对象，例如 种类=贷款,对公存款", "Only objects whose column has one of these values, such as 种类=贷款,对公存款";
    OwnershipObjects: "归属的对象是哪张表（默认 客户）", "Table of what is owned (default 客户)";
    OwnershipOwners: "归属人是哪张表（默认 人员）", "Table of who owns (default 人员)";
    OwnershipOut: "写到文件：.xlsx、.csv，或 .parquet（给账户日计算用，只含一种身份）", "Write to a file: .xlsx, .csv, or .parquet (for the ledger of account-days, one role)";
    KnownAt: "资料库：按哪一天所知道的，例如 2026-02-03（默认最新）", "Fact store: as known on this day, such as 2026-02-03 (default: now)";

    Run: "按制度计算，写出结果", "Run a policy and write the results";
    Data: "资料文件夹、资料库，或 .xlsx 工作簿", "Folder of facts, fact store, or an .xlsx workbook";
    Params: "参数文件（.csv 或 .xlsx），可以有几个", "Parameter files (.csv or .xlsx)";
    Period: "期间，例如 2025年、2025年1季、2025年1月至2025年12月；不写就用资料的最后一期", "Periods such as 2025年, 2025年1季, 2025年1月至2025年12月; default: the last one of the facts";
    Only: "只算这些项目，用逗号分开", "Only these values, separated by commas";
    Reading: "另取一种读法试算，例如 A25=分段", "Take another reading for a trial, such as A25=分段";
    Out: "结果写到哪里（默认 结果.xlsx）", "Where to write the results (default results.xlsx)";
    FormatArg: "结果格式：xlsx、csv、json、parquet（默认按扩展名）", "Format of the results: xlsx, csv, json, parquet (default: by the ending)";
    Threads: "用几个线程（默认全部处理器）", "Number of threads (default: all processors)";

    Replay: "重放：按运行记录再算一次，看结果是否逐字节一致；不一致就说明什么变了", "Compute a run again from its record: is every byte the same, and if not, what has changed";
    Record: "运行记录：hengjie run 写在结果旁边的 .run.json 或 run.json", "Run record: the .run.json or run.json that hengjie run writes beside its results";
    ReplayData: "资料现在在哪里（默认在当时的地方）", "Where the facts are now (default: where they were)";

    Compare: "对比两次运行：每个人每个结果差多少，各是哪一项引起的（资料、归属、人定、参数、读法、条款），加起来正好", "Compare two runs: what differs for whom, and which part of it comes from which cause (facts, ownership, decisions, parameters, readings, articles); the parts add up";
    CompareOld: "先前一次的运行记录", "Run record of the earlier run";
    CompareNew: "后来一次的运行记录", "Run record of the later run";

    Explain: "解释一个人的一个结果：怎么来的，依据哪一条", "Explain one value of one person: how it comes about, by which article";
    Person: "编号或姓名；全体的结果写 全体", "Key or name; 全体 for figures of everybody";
    Value: "项目名称；不写就列出有哪些项目", "Name of the value; without it the values are listed";
    Row: "逐行的项目：哪一行", "The row, for values per row";

    Distance: "离下一级还差什么：逐条列出，找出最小的改动；--warn 列出下期会下降的人", "What the next grade still needs, condition by condition, and the smallest change that gives it; --warn: who falls next";
    DistanceValue: "项目名称；不写就看每一个有高低的等级", "Name of the value; default: every ordered grade";
    DistanceTo: "目标，例如 高级、80分、是（默认是再上一级）", "What is wished, such as 高级, 80分, 是 (default: the next one above)";
    DistanceChange: "只许变动这些字段，用逗号分开", "Only these fields may change, separated by commas";
    DistanceWarn: "临期预警：资料照本期不变，下期谁会下降", "Early warning: who falls next period if the facts stay as they are";
    Readings: "读法对照：把每一种取法都算一遍，比较人数、金额、等级", "Run every alternative of every reading and compare people, amounts and grades";
    Diff: "修订对照：新旧两版改了哪些字、规则、表；给资料就算出谁多谁少", "What two versions say differently in words, rules and tables; with facts, who gains and who loses";
    DiffOld: "原来的制度文件", "The old document";
    DiffNew: "新的制度文件", "The new document";
    DiffData: "资料文件夹，或 .xlsx 工作簿；不给就只比条文", "Folder of facts, or an .xlsx workbook; without it only the documents are compared";
    DiffOut: "写到文件：.html 网页、.xlsx 工作簿；可以写几次", "Write to files: .html, .xlsx; may be repeated";
    WhatIf: "试算：改资料、改参数或换一版制度，看谁变、变多少、先变哪一条", "What if: change facts, parameters or the document; who changes, by how much, by which article first";
    WhatIfSet: "改一个资料，例如 人员.张三.存款日均=1.2亿元；可以写几次", "Change a fact, such as 人员.张三.存款日均=1.2亿元; may be repeated";
    WhatIfParameter: "改一个参数，例如 及格线=65分、岗位工资(初级)=6000元；可以写几次", "Change a parameter, such as 及格线=65分 or 岗位工资(初级)=6000元; may be repeated";
    WhatIfPolicy: "换成另一版制度文件", "Another version of the document";
    ChangeOut: "写到文件 .xlsx，或给一个文件夹写 .csv；可以不写", "Write to an .xlsx file, or .csv files in a folder; optional";

    Test: "运行制度里的示例，检查每一条都有示例", "Run the examples of policies; every article with rules must have one";
    TestFiles: "制度文件，或制度文件夹", "Policy documents, or folders with a policy.md";

    OnlyChecks: "只做这几项检查，用逗号分开，例如 断崖,空档", "Only these checks, separated by commas, such as cliff,gap";
    Health: "体检：找出条文里的毛病，每一处都有证明或反例", "Health check: faults of the text, each proved or shown by numbers";

    HealthData: "资料文件夹，或 .xlsx 工作簿；给了就再看真实的人落在哪里：没有人落到的分支、档次和等级，挡住了人的上下限，名额边上的并列", "Folder of facts, or an .xlsx workbook; with it also where real people fall: branches, rows and grades nobody reaches, limits that hold somebody back, ties at seats";

    Coverage: "覆盖：原文的每条规则，制度里是计算、办理、声明还是只有文字", "Coverage: which rules of the source texts are computed, procedures, declared or text only";
    CoverageFolder: "放着各份制度和规则清单 rules.csv 的文件夹", "Folder with the policies and the list of rules, rules.csv";
    CoverageOut: "写成网页用的 Markdown 文件", "Write a page in Markdown";

    ParamsCommand: "列出参数：已有的值，还缺哪些，谁给，影响什么", "List parameters: values, what is missing, who supplies it, what waits";

    Ledger: "账簿：从余额变动和归属算日均，逐日装入，随时更正，每一分都能解释", "The ledger: daily averages from balance changes and ownership, kept up day by day, corrected and explained";
    LedgerFolder: "账簿的文件夹", "Folder of the ledger";
    LedgerBuild: "建账：从账户、余额变动、归属三个文件", "Build a ledger from accounts, balance changes and ownership";
    LedgerFrom: "放着 账户、余额变动、归属 的文件夹（.csv、.xlsx；或 accounts、balance_changes、ownership 的 .parquet）", "Folder with accounts, balance_changes and ownership (.parquet), or 账户, 余额变动 and 归属 (.csv, .xlsx)";
    LedgerRecorded: "登记日：得知这些数的日子（默认今天）", "The day on which this became known (default: today)";
    LedgerLoad: "装入新的一天、迟到的余额或更正；同一份文件只算一次", "Load another day, late balances or corrections; the same file counts once";
    LedgerFiles: "余额文件（账号、日期、余额）；以前的日期就是更正", "Files of balances (account, day, balance); older days are corrections";
    LedgerOwnership: "换成这份归属（客户号、客户经理、起日、止日、份额）", "Take this ownership (customer, owner, from, to, share) instead";
    LedgerAverage: "日均：按客户经理或客户，写成制度要的资料", "Daily averages by owner or customer, as facts of a policy";
    LedgerPeriod: "期间，例如 2025年、2025年3季、2025年9月", "Period, such as 2025年, 2025年3季, 2025年9月";
    LedgerColumn: "一列：'存款日均=存款 ≥50万元'；还可以加 最大、户数、上年；种类@币种；可以写几次（默认每种账户一列）", "A column: '存款日均=deposit >=50万元'; also largest, count, last-year; KIND@CURRENCY; may be repeated (default: one per kind)";
    LedgerBy: "一行是一个客户经理（默认，按份额）还是一个客户", "A row is an owner (default, by shares) or a customer";
    LedgerKnownAt: "按这一天所知计算：以后才登记的不算", "As known on this day, without what was recorded later";
    LedgerInto: "填进这张 CSV 资料表（按编号和期间），例如 资料/人员_每年.csv", "Fill into this CSV table of facts (by 编号 and 期间), such as facts/人员_每年.csv";
    LedgerOut: "写成文件：.csv、.xlsx、.json、.parquet", "Write to a file: .csv, .xlsx, .json, .parquet";
    LedgerExplain: "解释一个日均：哪些客户、哪些天、多少份额；--customer 看到每个账户每笔余额", "Explain a daily average: customers, days and shares; --customer: accounts and balances";
    LedgerPerson: "客户经理的编号", "Number of the owner";
    LedgerCustomer: "客户号：列出它的账户和余额", "Number of a customer: its accounts and balances";
    LedgerShow: "列出装入过的文件", "List what was loaded";
    LedgerVerify: "从原始文件重算全部积数，与账簿比较", "Compute all balance-days again from the original files and compare";
    LedgerReading: "读取余额", "reading balances";
    Pay: "薪酬账：入账、余额、为什么发、关账；只增不改", "The pay ledger: post, balances, why, close a year; entries are only added";
    PayPost: "算出应发，和账上不同的才入账", "Compute what is due and post what differs from the ledger";
    PayBalance: "余额：按人和年，或按项目和年", "Balances by person and year, or by item and year";
    PayExplain: "一个人的每一笔：条款、缘由、谁在哪天记的", "Every entry of a person: article, reason, who posted it and when";
    PayClose: "关账：以后的更正记到下一年", "Close a year: later corrections are booked in the next one";
    PayLedger: "账本文件（.csv）；还没有就新建", "Ledger file (.csv); made by the first posting";
    PayShow: "只看要记哪些，不写账本", "Only show what would be posted";
    PayByItem: "按项目合计", "By item";
    PayYear: "年份，例如 2025年", "Year, such as 2025年";
    PayOn: "记账日，例如 2026-01-10", "Day of posting, such as 2026-01-10";
    PayBy: "经手的人或部门", "Who posts: person or office";
    PayBecause: "缘由，写进每一笔（默认是制度名）", "Reason that stands in every entry (default: the name of the policy)";

    Demo: "生成演示单位并运行全部示范制度", "Make a demonstration organisation and run all sample policies";
    DemoOut: "放到哪个文件夹（默认 demo）", "Folder to write to (default demo)";
    DemoPolicies: "示范制度在哪个文件夹（默认用程序自带的）", "Folder of the sample policies (default: those in the program)";
    DemoScale: "规模：1 是小单位，数字越大人越多", "Size: 1 is small, more is larger";

    Serve: "打开控制台：在本机的浏览器里看结果、问为什么、改制度", "Open the console: results, reasons and policies in a browser on this machine";
    ServeFolder: "控制台的数据在哪个文件夹（默认当前文件夹）", "Folder that holds the data of the console (default: the present one)";
    ServePort: "端口（默认 8080，0 由系统挑），只在 127.0.0.1 上听", "Port (default 8080, 0: any), on 127.0.0.1 only";
    ServeStore: "存储：postgres://… 或 SQLite 文件（默认 文件夹里的 hengjie.db）", "Store: postgres://… or an SQLite file (default: hengjie.db in the folder)";
    ServePolicy: "先加入一份制度，和 --data 一起写", "Add a policy first, together with --data";

    Lsp: "语言服务器：给编辑器用，经标准输入输出通信", "Language server for editors, over standard input and output";

    Completions: "生成命令行补全脚本", "Print a completion script for a shell";
    Shell: "bash、zsh、fish、powershell 或 elvish", "bash, zsh, fish, powershell or elvish";

    ErrorWord: "错误：", "error: ";
    Interrupted: "已中断，没有留下半份结果。", "Interrupted; nothing half-written is left.";
    Broken: "程序内部出错。请把这一行和所用的文件交给维护人员。", "internal fault. Please give this line and the files in use to the maintainers.";
    ReadingTables: "读取资料", "reading facts";
    Computing: "计算", "computing";
    Looking: "查找缺口", "looking for gaps";
    Making: "生成", "making";
    SeeHelp: "用 --help 看用法。", "See --help.";
}
