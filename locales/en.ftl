# Every word of the interface in English. What editors write is in content/.

site-name = Pavise
home-title = Our Internet, Our Future
shield-alt = illustration of a shield icon
skip-to-content = Skip to content
nav = Main
nav-home = Home
nav-plan = Action Plan
footer-about = Pavise publishes the work of people who keep the Internet open, secure and for everyone.
back-to-top = Back to top

theme = Colours of this site
theme-light = Light
theme-dark = Dark
theme-system = As my device

latest-posts = Latest Posts
all-latest-posts = All the latest posts
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

plans-title = Action Plan
plans-summary = What we undertake each year for an Internet that is open to everyone, and how far we are.
no-plan-yet = No plan has been published yet.
plan-commitments =
    { $count ->
        [one] { $count } commitment
       *[other] { $count } commitments
    }
plan-reached =
    { $total ->
        [one] { $reached } of { $total } commitment reached
       *[other] { $reached } of { $total } commitments reached
    }
plan-percent = { $percent }% of the way
target = Target: { $target }
target-from = Target: { $target }, from { $baseline }
target-reached = Target of { $target } reached
as-of = Counted on
evidence = Evidence:

not-found-title = There is no page here
not-found = The address may be mistyped, or the page may have moved.
bad-request-title = This request cannot be answered
bad-request = Something about the address or the form is not as this page expects it. Go back and try again.
unavailable-title = We cannot show this page just now
unavailable = The site is busy or being looked after. Please try again in a minute.
internal-title = Something went wrong on our side
internal = It has been noted and is not your fault. Please try again in a while.
way-home = Go to the front page
way-plan = Read the Action Plan
