# Every word of the interface in Arabic. What editors write is in content/.
#
# Numbers come grouped and in the language's own digits. PLURAL($n) is the plural category of a number: one, two, few, …

# This language, in its own words.
language-name = العربية
languages = اللغات

site-name = Pavise
home-title = إنترنتنا، مستقبلنا
shield-alt = رسم توضيحي لأيقونة درع
skip-to-content = الانتقال إلى المحتوى
loading = جارٍ التحميل…
offline = أنت غير متصل بالشبكة. تبقى هذه الصفحة هنا، وتعذّر جلب الصفحة التالية.
try-again = حاول مجددًا
nav = القائمة الرئيسية
nav-home = الرئيسية
nav-posts = المقالات
nav-topics = المواضيع
nav-plan = خطة العمل
nav-more = المزيد من هذا الموقع
footer-about = تنشر Pavise عمل من يُبقون الإنترنت مفتوحة وآمنة ومتاحة للجميع.
feed = خلاصة التحديثات
back-to-top = العودة إلى الأعلى

theme = ألوان هذا الموقع
theme-light = فاتح
theme-dark = داكن
theme-system = كما في جهازي

latest-posts = أحدث المقالات
all-posts = جميع المقالات
no-posts-yet = لم يُنشر أي مقال بعد.
read-plan = اقرأ { $title }

# The two numbers also appear as {"{count}"} and {"{total}"}, which the browser fills in while the reader types.
filter-posts = تصفية هذه المقالات
filter-submit = عرض
filter-some = المقالات المعروضة: { $count } من أصل { $total }
filter-none = لا يوجد مقال يحتوي على هذه الكلمات كلها. جرّب كلمات أقل، أو جزءًا من كلمة.
filter-areas = المجال
all-areas = جميع المجالات
areas-some = المجالات المعروضة: { $count } من أصل { $total }

# Lists of posts.
posts-title = المقالات
posts-summary = كل ما نشرناه، من الأحدث إلى الأقدم.
posts-of-year = مقالات عام { $year }
posts-of-month = مقالات شهر { $month }
posts-narrow = تضييق قائمة المقالات
filter-topic = الموضوع
all-topics = جميع المواضيع
filter-year = العام
all-years = جميع الأعوام
months = الأشهر
no-posts-here = لا يوجد مقال يطابق هذا الاختيار.
pages-of-posts = صفحات المقالات
newer-posts = مقالات أحدث
older-posts = مقالات أقدم
# Said by a screen reader when older posts have been added below.
posts-added = المقالات المضافة: { $count }

topics-title = المواضيع
topics-summary = ما نعمل عليه، وكل ما نشرناه عنه.
authors-title = الكتّاب
authors-summary = أقسام التحرير التي تكتب لهذا الموقع.
feeds-of = خلاصة تحديثات «{ $title }»

# A post.
by = بقلم
published = نُشر في
updated = حُدِّث في
topics-of-post = المواضيع
reading-time =
    { PLURAL($minutes) ->
        [zero] مدة القراءة: أقل من دقيقة
        [one] مدة القراءة: دقيقة واحدة
        [two] مدة القراءة: دقيقتان
        [few] مدة القراءة: { $minutes } دقائق
        [many] مدة القراءة: { $minutes } دقيقة
       *[other] مدة القراءة: { $minutes } دقيقة
    }
in-this-post = في هذا المقال
footnote-back = العودة إلى موضع الإحالة
table = جدول
related-posts = مقالات ذات صلة
neighbouring-posts = مقالات مجاورة
newer-post = مقال أحدث
older-post = مقال أقدم
share = مشاركة
share-link = رابط هذه الصفحة
share-copy = نسخ الرابط
share-copied = نُسخ الرابط.
share-not-copied = تعذّر نسخ الرابط. وهذا هو: { $link }
share-mail = إرسال بالبريد الإلكتروني
share-sheet = مشاركة عبر …
as-text = هذه الصفحة بصيغة نص عادي
printed-from = طُبعت هذه الصفحة من { $address }

# Translations. Each note is followed by a link whose words are the second message.
not-translated = لم يُترجَم هذا النص إلى العربية بعد. وفيما يلي الأصل.
stale-translation = تغيّر الأصل بعد إنجاز هذه الترجمة.
read-original = اقرأ الأصل ({ $language })

# Search. The number of suggestions also appears as {"{count}"}, which the browser fills in.
search-title = البحث
search-of = البحث: { $query }
search-label = عمّ تبحث؟
search-submit = ابحث
search-hint = ابحث في كل ما نشرناه. الكلمات بين علامتي اقتباس يُبحث عنها كما هي.
search-narrow = تضييق البحث
search-count =
    { PLURAL($count) ->
        [zero] لا نتائج
        [one] نتيجة واحدة
        [two] نتيجتان
        [few] { $count } نتائج
        [many] { $count } نتيجة
       *[other] { $count } نتيجة
    }
search-range = النتائج من { $from } إلى { $to }
search-meant = لا شيء يحتوي على «{ $query }». هذه نتائج
search-partly = لا شيء يحتوي على كل هذه الكلمات. هذه النتائج تحتوي على بعضها.
search-none = لم يُعثر على شيء عن «{ $query }».
search-advice = جرّب كلمات أقل أو كلمات أخرى أو بداية كلمة فقط. أو تصفّح مواضيعنا:
search-everywhere = ابحث عنه في كل الموقع
search-incomplete = قد يكون هناك المزيد: لم يكن من الممكن البحث في كل شيء الآن.
suggestions = اقتراحات
suggestions-some = الاقتراحات: { $count }. اختر واحدًا بمفاتيح الأسهم.
filter-author = الكاتب
all-authors = كل الكتّاب
filter-language = اللغة
all-languages = كل اللغات
found-page = صفحة
pages-of-results = صفحات النتائج
results-before = نتائج أفضل
results-after = نتائج أخرى

plans-title = خطة العمل
plans-summary = ما نتعهد به كل عام من أجل إنترنت مفتوحة للجميع، وإلى أين وصلنا فيه.
no-plan-yet = لم تُنشر أي خطة بعد.
plan-commitments =
    { PLURAL($count) ->
        [zero] لا التزامات
        [one] التزام واحد
        [two] التزامان
        [few] { $count } التزامات
        [many] { $count } التزامًا
       *[other] { $count } التزام
    }
# A label and two numbers: right for every pair of them, so no plural is needed.
plan-reached = الالتزامات المنجزة: { $reached } من أصل { $total }
plan-percent = قُطع { $percent }٪ من الطريق
target = الهدف: { $target }
target-from = الهدف: { $target }، انطلاقًا من { $baseline }
target-reached = تحقّق الهدف: { $target }
as-of = أُحصي في
evidence = الدليل:
link-to-commitment = رابط إلى هذا الالتزام: { $title }
history = قيمه بمرور الوقت
history-day = التاريخ
history-value = القيمة
reported-in = تناولناه في

breadcrumbs = أنت هنا

not-found-title = لا توجد صفحة هنا
not-found = ربما كُتب العنوان خطأً، أو نُقلت الصفحة.
gone-title = أُزيلت هذه الصفحة
gone = كانت هنا من قبل، ثم أُزيلت عن قصد.
bad-request-title = لا يمكن الرد على هذا الطلب
bad-request = في العنوان أو في النموذج شيء لا تتوقعه هذه الصفحة. ارجع وحاول مرة أخرى.
unavailable-title = لا يمكننا عرض هذه الصفحة الآن
unavailable = الموقع مشغول أو قيد الصيانة. تُرجى المحاولة مجددًا بعد دقيقة.
too-many-title = وصلت طلبات كثيرة جدًا من شبكتك
too-many = انتظر قليلًا، ثم ارجع وحاول مجددًا.
internal-title = حدث خطأ من جانبنا
internal = سُجّل الخطأ، ولا ذنب لك فيه. تُرجى المحاولة مجددًا بعد قليل.
way-home = انتقل إلى الصفحة الرئيسية
way-plan = اقرأ خطة العمل

# القراءة دون اتصال. ما بين الأقواس يملؤه متصفح القارئ: {"{date}"} و{"{size}"} و{"{count}"}.
offline-title = القراءة دون اتصال
offline-summary = ما يحتفظ به هذا المتصفح ليُقرأ دون شبكة.
offline-none = لا يمكن عرض شيء هنا بعد. المتصفح الذي يعمل فيه JavaScript يحتفظ بكل صفحة تفتحها ويعرضها هنا في زيارتك القادمة.
offline-off = لا يحتفظ هذا الموقع بصفحات في المتصفحات في الوقت الحالي.
save = احفظ للقراءة دون اتصال
save-under-way = جارٍ الحفظ …
told-saved = حُفظت. تجدها في «القراءة دون اتصال».
told-removed = أُزيلت من هذا الجهاز.
told-packed = أحدث المقالات موجودة هنا الآن.
told-full = لا توجد مساحة كافية على هذا الجهاز. أزل شيئًا مما يلي أو وفّر مساحة ثم حاول مجددًا.
told-failed = لم ينجح ذلك: تعذّر الوصول إلى الشبكة. ما كان هنا لا يزال هنا.
missing-title = هذه الصفحة غير محفوظة هنا
missing = تعذّر الوصول إلى الشبكة، ولم تحفظ هذه الصفحة أو تفتحها من قبل. وفيما يلي ما هو موجود.
copy-of = تقرأ النسخة المؤرخة { $date }: تعذّر الوصول إلى الشبكة.
packed-copy = تقرأ النص كما كان في { $date } دون صوره: تعذّر الوصول إلى الشبكة.
pack-title = أحدث المقالات نصًّا
pack-none = أحدث 20 مقالًا دون صور: 300 كيلوبايت على الأكثر.
pack-get = اجلب أحدث المقالات
pack-has = المقالات: { $count } · { $size } · { $date }
pack-update = اجلب الجديد
pack-remove = أزل هذه المقالات
saved-title = المحفوظ
none-saved = لم يُحفظ شيء. في نهاية كل مقال وكل خطة زرّ لذلك.
visited-title = من زياراتك
none-visited = لم تُحفظ أي صفحة بعد.
kept-size = يشغل ذلك كله { $size }.
remove = أزل
remove-all = أزل كل شيء
search-kept = ابحث في الموقع، أو دون شبكة فيما هو محفوظ هنا
search-here = تعذّر الوصول إلى الشبكة. يجري البحث فيما هو محفوظ على هذا الجهاز.
found-here = ما وُجد هنا، والأفضل أولًا.
found-part-here = لا شيء هنا فيه كل هذه الكلمات. وهذا فيه بعضها.
found-none-here = لا شيء مما هو محفوظ هنا فيه هذه الكلمات.
search-all-here = اختيارك للموضوع أو الكاتب أو السنة أو اللغة أو الصفحة لا يسري هنا: شمل البحث كل ما هو محفوظ.
no-search-here = لا يمكن البحث بعد فيما هو محفوظ هنا: يأتي البحث مع أول صفحة تحفظها.

# بيانات قليلة. حجم الصورة هو { $size }.
data-little = استخدم بيانات قليلة
data-is-little = يستخدم هذا الموقع بيانات قليلة: تنتظر الصور لمسة منك ولا تُجلب أي خطوط.
data-full = اعرض كل شيء من جديد
picture-later = اعرض الصورة
picture-of-size = اعرض الصورة، { $size } على الأكثر
kilobytes = { $size } كيلوبايت

# الرسائل
write-title = اكتب إلينا
write-summary = ما ترسله يُحفظ على خادم هذا الموقع ويقرؤه من يديرونه. ولا حاجة إلى عنوان إلا إذا أردت جوابًا.
write-privacy = ما الذي يُحفظ وكم من الوقت
write-text = رسالتك
write-reply = عنوان بريدك الإلكتروني، إن أردت جوابًا (اختياري)
write-about = عنوان الصفحة التي تكتب عنها (اختياري)
write-trap = اترك هذا الحقل فارغًا
write-send = أرسل
write-wrong = لم تُرسَل رسالتك. ما ينبغي تغييره مذكور أدناه، وكل ما كتبته لا يزال هنا.
write-empty = اكتب ما تريد أن تقوله.
write-long = هذا أطول مما ينبغي: الحد الأقصى { $most } حرف.
write-no-address = هذا ليس عنوان بريد إلكتروني. صحّحه أو اترك الحقل فارغًا.
write-trapped = هذا الحقل موجود للبرامج التي تملأ كل شيء. أفرغه ثم أرسل الرسالة مجددًا.
write-failed = تعذّر حفظ رسالتك الآن. وهي لا تزال هنا: نرجو أن ترسلها مجددًا بعد دقيقة.
write-full = لا مكان لمزيد من الرسائل في الوقت الحالي. ورسالتك لا تزال هنا: نرجو أن تنسخها وترسلها بالبريد الإلكتروني.
sent-title = وصلت رسالتك
sent = شكرًا لك. حُفظت رسالتك، وسيقرؤها من يديرون هذا الموقع.

# رسائل تنتظر في متصفح القارئ.
waiting-title = في انتظار الإرسال
waiting = تعذّر الوصول إلى الشبكة. تُرسَل هذه الرسائل من تلقاء نفسها حين تعود إلى هنا والشبكة متاحة.
told-queued = رسالتك محفوظة على هذا الجهاز، وتُرسَل حين تعود الشبكة.
told-sent = أُرسلت رسالتك.
waiting-refused = لم يقبل الموقع هذه الرسالة. أرسلها مجددًا لترى السبب.
send-now = أرسل الآن
