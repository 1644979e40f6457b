//! What must hold whatever an editor, a reader or an attacker sends: each function panics where it does not.
//!
//! `tests/properties.rs` runs them on the corpora that are kept in `corpus/` and on random texts, in `make test`; `targets/` hands
//! them to a fuzzer that looks for new ways through the program, in `make fuzz`. What comes out of the program is looked at with
//! other parsers than those that it trusts itself, and with lists of what may be there that are written anew here.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod markup;

use markup::Element;
use pavise::{
    content::{
        front_matter::Mistake,
        markdown::{self, Place, Rendered},
        translation::Translation,
    },
    documents::{Kind, file::DocumentFile},
    i18n::Lang,
    media::{Alt, Fallback, Made, Picture, svg::Drawing},
    plan::{PlanYear, file::PlanFile, translation::PlanTranslation},
    posts::{Slug, file::PostFolder},
};
use pavise_search::{
    analyse::{Kind as TokenKind, tokens},
    fold::fold,
    passage::{Piece, marked, passage},
    query::{LONGEST, Query, search},
    stem::stem,
    texts::{Text, Texts},
};
use std::collections::{HashMap, HashSet};

/// Where a feed's links lead.
const SITE: &str = "https://example.org";

/// Elements that rendered Markdown may have, each with its attributes.
const RENDERED: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "id", "class", "aria-label"]),
    ("bdi", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &[]),
    ("del", &[]),
    ("div", &["class", "role", "tabindex", "aria-label"]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h2", &["id", "dir"]),
    ("h3", &["id", "dir"]),
    ("h4", &["id", "dir"]),
    ("h5", &["id", "dir"]),
    ("h6", &["id", "dir"]),
    ("hr", &[]),
    ("img", &["src", "alt", "width", "height", "loading", "decoding", "class"]),
    ("li", &["id", "dir"]),
    ("ol", &["start"]),
    ("p", &["dir"]),
    ("picture", &[]),
    ("pre", &["dir", "tabindex"]),
    ("section", &["class"]),
    ("source", &["type", "srcset", "sizes"]),
    ("strong", &[]),
    ("sup", &["class"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("th", &["class"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

/// Markdown becomes HTML that only shows: in a page and in a feed, whatever parser reads it.
pub fn markdown(text: &str) {
    let picture = |file: &str, fallback: Option<Fallback>| Picture {
        hash: "0".repeat(16),
        file: file.to_owned(),
        alt: Alt::Text("\"><script>".to_owned()),
        width: 640,
        height: 480,
        made: fallback.map(|fallback| Made { set: "1".repeat(16), fallback, tone: None }),
        focus: None,
    };
    let pictures = [picture("a.svg", None), picture("a.jpg", Some(Fallback::Jpg))];
    let pictures: HashMap<_, _> = pictures.into_iter().map(|picture| (picture.file.clone(), picture)).collect();
    let (lang, reader) = (Lang::DEFAULT, Lang::parse("ar").expect("a language"));
    let in_page = Place { lang, reader, base: "", page: "", prefix: "text-", pictures: &pictures };
    shows_only(&markdown::render(text, in_page), "/media/");
    let in_feed = Place { base: SITE, page: &format!("{SITE}/a/"), prefix: "", ..in_page };
    shows_only(&markdown::render(text, in_feed), &format!("{SITE}/media/"));
    // CommonMark knows all three ends of a line.
    let lines = text.split(['\n', '\r']).count();
    assert!(markdown::pictures(text).iter().all(|it| (1..=lines).contains(&it.line)));
    markdown::text(text);
    markdown::vocabulary(text);
}

fn shows_only(rendered: &Rendered, media: &str) {
    let html = &rendered.html;
    let mut ids = HashSet::new();
    for Element { name, attributes } in markup::elements(html) {
        let allowed = RENDERED.iter().find(|(allowed, _)| *allowed == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("<{name}> in {html}"));
        for (attribute, value) in attributes {
            assert!(allowed.contains(&attribute.as_str()), "{attribute} of <{name}> in {html}");
            match attribute.as_str() {
                "href" => assert!(is_safe(&value), "{value:?} in {html}"),
                "src" => assert!(value.starts_with(media), "{value:?} in {html}"),
                "srcset" => assert!(value.split(", ").all(|one| one.starts_with(media)), "{value:?} in {html}"),
                "id" => assert!(ids.insert(value), "an id is there twice in {html}"),
                _ => {}
            }
        }
    }
    assert!(rendered.headings.iter().all(|heading| ids.contains(&heading.id)), "a heading leads nowhere in {html}");
}

/// Whether an address can only lead to a page or a letter, as a browser reads it (WHATWG URL, basic URL parser).
fn is_safe(address: &str) -> bool {
    let address: String = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let address = address.trim_matches(|c: char| c <= ' ');
    let Some((scheme, _)) = address.split_once(':') else { return true };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    !is_scheme || ["http", "https", "mailto"].contains(&scheme.to_ascii_lowercase().as_str())
}

/// A content file is read, or each mistake in it is told on a line of the file; what was read is written so that it is read again.
pub fn front_matter(text: &str) {
    let slug = || Slug::parse("name").expect("a slug");
    let year = || PlanYear::parse("2023").expect("a year");
    again(
        text,
        |text| PostFolder::parse(slug(), text),
        |folder| match folder {
            PostFolder::Post(post) => post.format(),
            PostFolder::Removed(removed) => removed.format(),
        },
    );
    again(text, |text| PlanFile::parse(year(), text), PlanFile::format);
    for kind in [Kind::Topic, Kind::Author, Kind::Page] {
        again(text, |text| DocumentFile::parse(kind, slug(), text), DocumentFile::format);
    }
    again(text, |text| Translation::parse(Lang::DEFAULT, text), Translation::format);
    let original = PlanFile::parse(year(), include_str!("../kept/front_matter/plan")).expect("a plan");
    again(text, |text| PlanTranslation::parse(Lang::DEFAULT, &original, text), PlanTranslation::format);
}

fn again<T: PartialEq + std::fmt::Debug>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, Vec<Mistake>>,
    format: impl Fn(&T) -> String,
) {
    match parse(text) {
        Ok(read) => {
            let written = format(&read);
            assert_eq!(parse(&written).as_ref(), Ok(&read), "{written}");
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            // One more than there are, where something is missing at the end.
            let lines = text.split(['\n', '\r']).count() + 1;
            for mistake in mistakes {
                assert!((1..=lines).contains(&mistake.line), "{mistake}");
                assert!(!mistake.to_string().contains(|c: char| c.is_control()), "{mistake:?}");
            }
        }
    }
}

/// Elements that a drawing may have.
const DRAWING: &str = "\
    a altGlyph altGlyphDef altGlyphItem animate animateColor animateMotion animateTransform circle clipPath \
    color-profile defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix \
    feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR \
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight \
    feTile feTurbulence filter flowDiv flowLine flowPara flowRegion flowRoot flowSpan flowTref font g glyph glyphRef \
    hkern image line linearGradient marker mask meshgradient meshpatch meshrow mpath path pattern polygon polyline \
    radialGradient rect set solidColor stop style svg switch symbol text textPath title tref tspan use view vkern";

/// Attributes that they may have, with those of the families `aria-` and `data-`.
const DRAWING_ATTRIBUTES: &str = "\
    accent-height accumulate additive alignment-baseline alphabetic amplitude arabic-form arcrole ascent \
    attributeName attributeType azimuth base baseFrequency baseline-shift baseProfile bbox begin bias blend by \
    calcMode cap-height class clip clip-path clip-rule clipPathUnits color color-interpolation \
    color-interpolation-filters color-profile color-rendering cursor cx cy d descent description diffuseConstant \
    direction display divisor dominant-baseline dur dx dy edgeMode elevation enable-background end exponent \
    externalResourcesRequired fill fill-opacity fill-rule filter filterPrimitiveUnits filterRes filterUnits \
    flood-color flood-opacity focusable font-family font-size font-size-adjust font-stretch font-style font-variant \
    font-weight format fr from fx fy g1 g2 glyph-name glyph-orientation-horizontal glyph-orientation-vertical \
    glyphRef gradientTransform gradientUnits hanging height hidden horiz-adv-x horiz-origin-x horiz-origin-y href id \
    ideographic image-rendering in in2 intercept k k1 k2 k3 k4 kernelMatrix kernelUnitLength kerning keyPoints \
    keySplines keyTimes lang lengthAdjust letter-spacing lighting-color limitingConeAngle line-height local \
    marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask mask-type maskContentUnits \
    maskUnits mathematical max media method min mode name numOctaves offset opacity operator order orient \
    orientation origin overflow overline-position overline-thickness paint-order panose-1 path pathLength \
    patternContentUnits patternTransform patternUnits pointer-events points pointsAtX pointsAtY pointsAtZ \
    preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY rendering-intent repeatCount repeatDur \
    requiredExtensions requiredFeatures restart result role rotate rx ry scale seed shape-rendering show side slope \
    solid-color space spacing specularConstant specularExponent spreadMethod startOffset stdDeviation stemh stemv \
    stitchTiles stop-color stop-opacity strikethrough-position strikethrough-thickness string stroke \
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width \
    style surfaceScale systemLanguage tabindex tableValues targetX targetY text-anchor text-decoration \
    text-rendering textLength title to transform transform-origin type u1 u2 underline-position underline-thickness \
    unicode unicode-bidi unicode-range units-per-em v-alphabetic v-hanging v-ideographic v-mathematical values \
    vector-effect version vert-adv-y vert-origin-x vert-origin-y viewBox visibility width widths word-spacing \
    writing-mode x x-height x1 x2 xChannelSelector xmlns y y1 y2 yChannelSelector z zoomAndPan";

/// A drawing is refused with a sentence, or only draws: in a file of its own and within a page.
pub fn drawing(bytes: &[u8]) {
    let drawing = match Drawing::read(bytes) {
        Ok(drawing) => drawing,
        Err(told) => return assert!(!told.is_empty()),
    };
    let svg = String::from_utf8(drawing.bytes).expect("text");
    let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error} in {svg}"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let attributes = node.attributes().map(|it| (it.name(), it.value()));
        draws_only(node.tag_name().name(), attributes, &svg);
        if node.tag_name().name() == "style" {
            let css: String = node.descendants().filter(|it| it.is_text()).filter_map(|it| it.text()).collect();
            assert!(!css.contains('\\'), "{css:?} in {svg}");
            stays_inside(&css, &svg);
            takes_nothing(&css, &svg);
        }
    }
    // As a page would read it that had it inside.
    let inside = svg.split_once("?>").map_or(svg.as_str(), |(_, inside)| inside);
    for Element { name, attributes } in markup::elements(inside) {
        draws_only(&name, attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())), &svg);
    }
}

fn draws_only<'a>(element: &str, attributes: impl Iterator<Item = (&'a str, &'a str)>, svg: &str) {
    assert!(DRAWING.split(' ').any(|it| it.eq_ignore_ascii_case(element)), "<{element}> in {svg}");
    for (name, value) in attributes {
        let is_known = DRAWING_ATTRIBUTES.split(' ').any(|it| it.eq_ignore_ascii_case(name));
        let is_of_family = ["aria-", "data-"].iter().any(|family| name.starts_with(family));
        assert!(is_known || is_of_family, "{name} of <{element}> in {svg}");
        if ["href", "src", "action", "formaction"].contains(&name) {
            assert!(value.trim().starts_with('#'), "{value:?} in {svg}");
        }
        // An address that is changed later would not be seen here.
        let changed = value.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
        assert!(name != "attributeName" || changed != "href", "{value:?} is changed in {svg}");
        stays_inside(value, svg);
        if !is_of_family && !["id", "class", "lang", "role"].contains(&name) {
            takes_nothing(value, svg);
        }
    }
}

fn takes_nothing(style: &str, svg: &str) {
    let squeezed = squeezed(style);
    for taking in ["image-set(", "image(", "src(", "cross-fade(", "@import"] {
        assert!(!squeezed.contains(taking), "{style:?} in {svg}");
    }
}

fn squeezed(value: &str) -> String {
    let squeezed: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    squeezed.to_ascii_lowercase()
}

fn stays_inside(value: &str, svg: &str) {
    let squeezed = squeezed(value);
    assert!(!(squeezed.contains('\\') && squeezed.contains('(')), "{value:?} in {svg}");
    assert!(!squeezed.contains("javascript:"), "{value:?} in {svg}");
    let mut addresses = squeezed.split("url(").skip(1).map(|rest| rest.trim_start_matches(['"', '\'']));
    // An empty one is the drawing itself.
    assert!(addresses.all(|address| address.starts_with(['#', ')'])), "{value:?} in {svg}");
}

/// A query is cut to what is looked for, and whatever is found shows all of its text and no more.
pub fn query(text: &str) {
    let cut = Query::cut(text);
    assert!(cut.chars().count() <= LONGEST && text.contains(cut));
    for is_open in [false, true] {
        let query = Query::read(text, is_open);
        for unit in &query.units {
            assert!(!unit.forms.is_empty() && unit.forms.iter().all(|form| !form.is_empty()));
            assert!(cut.get(unit.start..unit.end).is_some_and(|words| !words.is_empty()), "{unit:?} in {cut:?}");
            assert!(unit.typos() <= 2);
        }
        let own =
            Text { lang: "en".into(), title: cut.into(), body_lang: "ar".into(), body: text.into(), ..Text::default() };
        let other = Text { lang: "fr".into(), title: "Un texte".into(), body_lang: "fr".into(), ..Text::default() };
        let texts = Texts::new("fr", [own, other]);
        let languages = texts.languages();
        let Ok(answer) = search(&texts, &query, &languages);
        assert!(query.units.is_empty() || answer.hits.contains(&0), "a text is found by its title: {cut:?}");
        let whole = |pieces: Vec<Piece>| pieces.into_iter().map(|piece| piece.text).collect::<String>();
        // A line ends without a full stop, most often.
        let shown = text.replace('\n', " · ");
        assert_eq!(whole(marked(text, "en", &answer.wanted)), shown);
        let passage = whole(passage(text, "ar", &answer.wanted));
        let passage = passage.strip_prefix("… ").unwrap_or(&passage);
        let passage = passage.strip_suffix(" …").unwrap_or(passage);
        assert!(shown.contains(passage), "{passage:?} of {text:?}");
    }
}

/// A text is taken apart into words that are in it, in their order, and what was made comparable once stays as it is.
pub fn analyser(text: &str) {
    let mut end = 0;
    for token in tokens(text) {
        assert!(text.get(token.start..token.end).is_some_and(|word| !word.is_empty()), "{token:?}");
        assert!(!token.form.is_empty(), "{token:?}");
        // Pairs share a sign.
        assert!(token.end > end || token.kind == TokenKind::Last && token.end == end, "{token:?} after {end}");
        end = token.end;
        for lang in ["ar", "en", "es", "fr", "de"] {
            assert!(!stem(lang, &token.form).is_empty(), "{token:?} in {lang}");
        }
    }
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "{text:?}");
}
