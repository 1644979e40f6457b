//! The styles in a page: those that every page needs, and of the others those that it has something for.
//!
//! `style/main.css` makes a layer of each file. The first ones go into every page; each other one goes into the pages that have
//! one of its classes. A layer comes whole or not at all, and every page says the order of all: so what one page has and another
//! lacks may be added to its document.

use super::security::policy_with_styles;
use axum::http::HeaderValue;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// The layers that every page has.
const COMMON: [&str; 4] = ["tokens", "reset", "base", "layout"];

/// What stands before the layers that not every page has: navigation adds only those (`browser/navigation.rs`).
const PARTS: &str = "/**/";

/// Which layers, a bit for each.
type Layers = u32;

/// All styles of the site.
pub struct Styles {
    /// The statement of their order: a bundler leaves it out where the layers themselves are in that order.
    order: String,
    layers: Vec<String>,
    common: Layers,
    /// The layer that each class belongs to: the first one that has it.
    classes: HashMap<String, Layers>,
    chosen: RwLock<HashMap<Layers, Arc<Chosen>>>,
}

/// The styles of a page.
pub struct Chosen {
    /// The styles themselves.
    pub css: String,
    /// The Content-Security-Policy that lets them apply.
    pub policy: HeaderValue,
}

impl Styles {
    /// The styles of this bundle without the fonts that would have to be fetched: text is set in what the reader's device has.
    pub fn without_fonts(bundle: &str) -> Self {
        let mut rest = bundle;
        let mut without = String::with_capacity(bundle.len());
        while let Some((before, after)) = rest.split_once("@font-face") {
            let (font, after) = after.split_once('}').unwrap_or((after, ""));
            without.push_str(before);
            if !font.contains("url(") {
                without.extend(["@font-face", font, "}"]);
            }
            rest = after;
        }
        Self::new(&(without + rest))
    }

    /// The styles of this bundle.
    pub fn new(bundle: &str) -> Self {
        let mut names = Vec::new();
        let mut styles = Self {
            order: String::new(),
            layers: Vec::new(),
            common: 0,
            classes: HashMap::new(),
            chosen: RwLock::default(),
        };
        for statement in statements(bundle) {
            let layer = 1 << styles.layers.len().min(31);
            let name = statement.strip_prefix("@layer ").and_then(|rest| Some(rest.split_once('{')?.0.trim()));
            names.extend(name);
            if name.is_none_or(|name| COMMON.contains(&name)) {
                styles.common |= layer;
            }
            for class in classes(statement) {
                styles.classes.entry(class.to_owned()).or_insert(layer);
            }
            styles.layers.push(statement.to_owned());
        }
        styles.order = format!("@layer {};", names.join(","));
        styles
    }

    /// The styles that a page needs, which is finished but for them.
    pub fn of_page(&self, html: &str) -> Arc<Chosen> {
        let names = html.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let layers = names.flat_map(str::split_ascii_whitespace).filter_map(|name| self.classes.get(name));
        let layers = layers.fold(self.common, |all, layer| all | layer);
        if let Some(chosen) = self.chosen.read().unwrap_or_else(PoisonError::into_inner).get(&layers) {
            return Arc::clone(chosen);
        }
        let css = [&self.order, &self.of(self.common), PARTS, &self.of(layers & !self.common)].concat();
        let policy = policy_with_styles(&css);
        let chosen = Arc::new(Chosen { css, policy });
        self.chosen.write().unwrap_or_else(PoisonError::into_inner).insert(layers, Arc::clone(&chosen));
        chosen
    }

    fn of(&self, layers: Layers) -> String {
        let all = self.layers.iter().enumerate().filter(|(n, _)| layers & 1 << n.min(&31) != 0);
        all.map(|(_, css)| css.as_str()).collect()
    }
}

/// The statements of a style sheet, each up to its `;` or the `}` that ends its block.
fn statements(css: &str) -> Vec<&str> {
    let (mut all, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let mut quote = None;
    let mut bytes = css.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (quote, byte) {
            (_, b'\\') => drop(bytes.next()),
            (Some(open), _) => quote = Some(open).filter(|open| *open != byte),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if quote.is_none() && depth == 0 && matches!(byte, b';' | b'}') {
            all.push(css[start..=at].trim_start());
            start = at + 1;
        }
    }
    all.extend(Some(css[start..].trim()).filter(|rest| !rest.is_empty()));
    all
}

/// The names of the classes in the selectors of a style sheet.
fn classes(css: &str) -> impl Iterator<Item = &str> {
    // What stands before a block, and not in it.
    let preludes = css.split('}').filter_map(|rule| Some(rule.rsplit_once('{')?.0));
    preludes.flat_map(|prelude| prelude.split('.').skip(1)).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUNDLE: &str = "@layer tokens{:root{--a:'}'}}@layer base{.icon{color:red}}\
                          @layer cards{.card:not(.wide) .icon{margin:.5em}@media (width<=3em){.wide{color:blue}}}\
                          @layer plan{.ring{inset:0}.card .ring{top:1.5px}}";

    #[test]
    fn a_page_has_the_common_layers_and_those_of_its_classes() {
        let styles = Styles::new(BUNDLE);
        let has = |html: &str| {
            let css = styles.of_page(html).css.clone();
            ["@layer tokens,base,cards,plan;", "@layer tokens{", "@layer base{", "@layer cards{", "@layer plan{"]
                .map(|it| css.contains(it))
        };
        assert_eq!(has("<p class=\"icon\">ring wide</p>"), [true, true, true, false, false]);
        assert_eq!(has("<p class=\"icon big card\">"), [true, true, true, true, false], "a card alone has no rings");
        assert_eq!(has("<p class=\"wide\"><b class=\"ring\">"), [true; 5]);
        let all = styles.of_page("<p class=\"wide\"><b class=\"ring\">").css.replace(PARTS, "");
        assert_eq!(all, format!("@layer tokens,base,cards,plan;{BUNDLE}"));
    }

    #[test]
    fn each_choice_has_its_policy_and_is_made_once() {
        let styles = Styles::new(BUNDLE);
        let (one, two) = (styles.of_page("<p class=\"ring\">"), styles.of_page("<b class=\"x ring\">"));
        assert!(Arc::ptr_eq(&one, &two));
        assert_ne!(one.policy, styles.of_page("<p>").policy);
    }

    #[test]
    fn classes_are_read_from_selectors_and_not_from_values() {
        assert_eq!(
            classes(".a>.b-c:is(.d,e.f)::before{margin:.5em;src:url(x.woff2)}").collect::<Vec<_>>(),
            ["a", "b-c", "d", "f"]
        );
    }
}
