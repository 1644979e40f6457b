-- Requests for one kind of page of a generated store, another one each time, the same ones in each run.
-- BENCH_KIND says which kind, BENCH_POSTS how many posts there are, BENCH_WORDS where their words are. Prints the latency at 50 and 99 percent
-- in microseconds, how many requests there were, how many failed, and how many searches ended before they had looked through everything.

local kind, posts = os.getenv("BENCH_KIND"), tonumber(os.getenv("BENCH_POSTS"))
local first, last = 1072915200, 1704067199 -- as in src/generate.rs
math.randomseed(7)

local function lines(name)
  local all = {}
  for line in io.lines(os.getenv("BENCH_WORDS") .. "/" .. name) do all[#all + 1] = line end
  return all
end
local words, common = lines("words"), lines("common")
local function one(list) return list[math.random(#list)] end

local function encoded(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end
local function search(text) return "/api/search?q=" .. encoded(text) end

-- A word of five letters or more with two of them exchanged.
local function mistyped()
  local word
  repeat word = one(words) until word:match("^%a%a%a%a%a+$")
  return word:sub(1, 1) .. word:sub(3, 3) .. word:sub(2, 2) .. word:sub(4)
end

local function place() return string.format("?before=%d-1", math.random(first, last)) end
local function topic() return string.format("/topics/topic-%02d/", math.random(0, 39)) end

local kinds = {
  ["front page"] = function() return "/" end,
  ["list, anywhere in it"] = function() return "/blog/" .. place() end,
  ["topic, anywhere in it"] = function() return topic() .. place() end,
  ["post"] = function()
    local n = math.random(0, posts - 1)
    local at = first + math.floor((last - first) * n / posts)
    return string.format("/blog/%s/generated-%07d/", os.date("!%Y/%m", at), n)
  end,
  ["feed of a topic"] = function() return topic() .. "feed/" end,
  ["search: the commonest word"] = function() return search(common[1] .. string.rep(" ", math.random(0, 9))) end,
  ["search: a word"] = function() return search(one(words)) end,
  ["search: two words"] = function() return search(one(words) .. " " .. one(words)) end,
  ["search: two common words"] = function() return search(one(common) .. " " .. one(common)) end,
  ["search: a mistyped word"] = function() return search(mistyped()) end,
  ["search: phrase of common words"] = function() return search('"' .. one(common) .. " " .. one(common) .. '"') end,
  ["suggestions"] = function()
    local word
    -- Cut where a letter ends.
    repeat word = one(words) until word:match("^%a+$")
    return "/api/suggest?q=" .. encoded(word:sub(1, math.random(2, 6)))
  end,
  ["sitemap, one part"] = function() return string.format("/sitemaps/posts-%d.xml", math.random(0, math.floor(posts / 2500) - 1)) end,
}

local coding = os.getenv("BENCH_PLAIN") and "identity" or "br"
function request() return wrk.format("GET", kinds[kind](), { ["accept-encoding"] = coding }) end

-- Each thread counts for itself. What is compressed says nothing here: BENCH_PLAIN asks for it as it is.
cut = 0
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function response(_, _, body) if body:find('"is_complete":false', 1, true) then cut = cut + 1 end end

function done(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  local all = 0
  for _, thread in ipairs(threads) do all = all + thread:get("cut") end
  io.write(string.format("%d %d %d %d %d\n", latency:percentile(50), latency:percentile(99), summary.requests, errors, all))
end
