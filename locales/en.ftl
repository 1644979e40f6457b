# Every word of the interface in English. What editors write is in content/.
#
# Numbers come grouped and in the language's own digits. PLURAL($n) is the plural category of a number: one, two, few, …

# This language, in its own words.
language-name = English
languages = Languages

site-name = Pavise
home-title = Our Internet, Our Future
shield-alt = illustration of a shield icon
skip-to-content = Skip to content
loading = Loading …
offline = You are offline. This page stays here; the next one could not be fetched.
try-again = Try again
nav = Main
nav-home = Home
nav-posts = Posts
nav-topics = Topics
nav-plan = Action Plan
nav-more = More of this site
footer-about = Pavise publishes the work of people who keep the Internet open, secure and for everyone.
feed = Feed
back-to-top = Back to top

theme = Colours of this site
theme-light = Light
theme-dark = Dark
theme-system = As my device

latest-posts = Latest Posts
all-posts = All posts
no-posts-yet = No posts have been published yet.
read-plan = Read the { $title }

# The two numbers also appear as {"{count}"} and {"{total}"}, which the browser fills in while the reader types.
filter-posts = Filter these posts
filter-submit = Show
filter-some = Posts shown: { $count } of { $total }
filter-none = No post has all of these words. Try fewer, or a part of a word.
filter-areas = Area
all-areas = All areas
areas-some = Areas shown: { $count } of { $total }

# Lists of posts.
posts-title = Posts
posts-summary = Everything we have published, newest first.
posts-of-year = Posts from { $year }
posts-of-month = Posts from { $month }
posts-narrow = Narrow these posts
filter-topic = Topic
all-topics = All topics
filter-year = Year
all-years = All years
months = Months
no-posts-here = No post fits this choice.
pages-of-posts = Pages of posts
newer-posts = Newer posts
older-posts = Older posts
# Said by a screen reader when older posts have been added below.
posts-added = Posts added: { $count }

topics-title = Topics
topics-summary = What we work on, and everything we have published about it.
authors-title = Authors
authors-summary = The desks that write for this site.
feeds-of = Feed of “{ $title }”

# A post.
by = By
published = Published
updated = Updated
topics-of-post = Topics
reading-time =
    { PLURAL($minutes) ->
        [one] { $minutes } minute to read
       *[other] { $minutes } minutes to read
    }
in-this-post = In this post
footnote-back = Back to reference
table = Table
related-posts = Related posts
neighbouring-posts = Neighbouring posts
newer-post = Newer
older-post = Older
share = Share
share-link = Link to this page
share-copy = Copy the link
share-copied = The link is copied.
share-not-copied = The link could not be copied. Here it is: { $link }
share-mail = Send by email
share-sheet = Share with …
as-text = This page as plain text
printed-from = Printed from { $address }

# Translations. Each note is followed by a link whose words are the second message.
not-translated = This text is not translated into English yet. Below is the original.
stale-translation = The original has changed since this translation was made.
read-original = Read it in { $language }

# Search. The number of suggestions also appears as {"{count}"}, which the browser fills in.
search-title = Search
search-of = Search: { $query }
search-label = What are you looking for?
search-submit = Search
search-hint = Search everything we have published. Words in quotes are looked for as they stand.
search-narrow = Narrow the search
search-count =
    { PLURAL($count) ->
        [one] { $count } result
       *[other] { $count } results
    }
search-range = Results { $from } to { $to }
search-meant = Nothing has “{ $query }” in it. These results are for
search-partly = Nothing has all of these words in it. These results have some of them.
search-none = Nothing was found for “{ $query }”.
search-advice = Try fewer words, other words or only the beginning of a word. Or look through our topics:
search-everywhere = Search everything for it
search-incomplete = There may be more: not everything could be looked through just now.
suggestions = Suggestions
suggestions-some = Suggestions: { $count }. The arrow keys choose one.
filter-author = Author
all-authors = All authors
filter-language = Language
all-languages = All languages
found-page = Page
pages-of-results = Pages of results
results-before = Better results
results-after = More results

plans-title = Action Plan
plans-summary = What we undertake each year for an Internet that is open to everyone, and how far we are.
no-plan-yet = No plan has been published yet.
plan-commitments =
    { PLURAL($count) ->
        [one] { $count } commitment
       *[other] { $count } commitments
    }
plan-reached =
    { PLURAL($total) ->
        [one] { $reached } of { $total } commitment reached
       *[other] { $reached } of { $total } commitments reached
    }
plan-percent = { $percent }% of the way
target = Target: { $target }
target-from = Target: { $target }, from { $baseline }
target-reached = Target of { $target } reached
as-of = Counted on
evidence = Evidence:
link-to-commitment = Link to this commitment: { $title }
history = Its values over time
history-day = Day
history-value = Value
reported-in = Reported in

breadcrumbs = You are here

not-found-title = There is no page here
not-found = The address may be mistyped, or the page may have moved.
gone-title = This page was removed
gone = It was here once and has been taken down on purpose.
bad-request-title = This request cannot be answered
bad-request = Something about the address or the form is not as this page expects it. Go back and try again.
unavailable-title = We cannot show this page just now
unavailable = The site is busy or being looked after. Please try again in a minute.
too-many-title = Too many requests came from your network
too-many = Please wait a little, then go back and try again.
internal-title = Something went wrong on our side
internal = It has been noted and is not your fault. Please try again in a while.
way-home = Go to the front page
way-plan = Read the Action Plan

# Reading without a network. What stands in braces is filled in by the reader's browser: {"{date}"}, {"{size}"}, {"{count}"}.
offline-title = Reading offline
offline-summary = What this browser keeps, so that it can be read without a network.
offline-none = Nothing can be listed here yet. A browser with JavaScript keeps each page you open, and lists it here the next time you come.
offline-off = This site does not keep pages in browsers at present.
save = Save for offline
save-under-way = Saving …
told-saved = Saved. It is listed under “Reading offline”.
told-removed = Removed from this device.
told-packed = The latest posts are here now.
told-full = There is not enough room on this device. Remove something below, or make room elsewhere, and try again.
told-failed = That did not work: the network could not be reached. What was here before is still here.
missing-title = This page is not kept here
missing = The network cannot be reached, and you have not saved or opened this page before. Below is what is here.
copy-of = You are reading the copy of { $date }: the network cannot be reached.
packed-copy = You are reading the text as it was on { $date }, without its pictures: the network cannot be reached.
pack-title = The latest posts as text
pack-none = The 20 latest posts without pictures: at most 300 kB.
pack-get = Get the latest posts
pack-has = Posts: { $count } · { $size } · { $date }
pack-update = Get what is new
pack-remove = Remove these posts
saved-title = Saved
none-saved = Nothing is saved. Every post and plan has a button for it at its end.
visited-title = From your visits
none-visited = No page has been kept yet.
kept-size = All of it takes { $size }.
remove = Remove
remove-all = Remove everything
search-kept = Search the site, or without a network what is kept here
search-here = The network cannot be reached. What is kept on this device is searched.
found-here = What was found here, the best first.
found-part-here = Nothing here has all of these words. These have some of them.
found-none-here = Nothing that is kept here has these words.
search-all-here = Your choice of topic, author, year, language or page does not hold here: everything that is kept was searched.
no-search-here = What is kept here cannot be searched yet: the search comes with the first page you save.

# Little data. How large a picture is comes as { $size }.
data-little = Use little data
data-is-little = This site uses little data: pictures wait for a tap, and no font is fetched.
data-full = Show everything again
picture-later = Show the picture
picture-of-size = Show the picture, at most { $size }
kilobytes = { $size } kB

# Messages
write-title = Write to us
write-summary = What you send is stored on this site’s server, and those who run it read it. An address is wanted only for an answer.
write-privacy = What is kept, and for how long
write-text = Your message
write-reply = Your e-mail address, if you want an answer (optional)
write-about = The address of the page that you write about (optional)
write-trap = Leave this field empty
write-send = Send
write-wrong = Your message was not sent. What has to be changed is said below; all that you wrote is still there.
write-empty = Write what you want to say.
write-long = This is too long: { $most } characters fit in.
write-no-address = This is not an e-mail address. Correct it, or leave it empty.
write-trapped = This field is there for programs that fill in everything. Empty it, and send the message again.
write-failed = Your message could not be stored just now. It is still here: please send it again in a minute.
write-full = There is no room for more messages at present. Yours is still here: please copy it and send it by mail.
sent-title = Your message has arrived
sent = Thank you. It is stored, and those who run this site will read it.

# Messages that wait in the reader's browser.
waiting-title = Waiting to be sent
waiting = The network could not be reached. These go out by themselves when you come here with a network.
told-queued = Your message is kept on this device, and is sent when the network is back.
told-sent = Your message was sent.
waiting-refused = The site did not accept this message. Send it again to see why.
send-now = Send now
