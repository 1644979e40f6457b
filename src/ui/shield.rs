//! The shield as a network: one geometry from which the hero, the mark, the icons, the cards and the page of an error are
//! drawn. A heater shield in triangles, 240 wide and 280 high, the same on both sides but for the light on it.

use std::{fmt::Write as _, sync::LazyLock};

/// The outline, clockwise from the corner where a right-handed bearer's hand would be.
const OUTLINE: [(u8, u16); 14] = [
    (20, 30),
    (70, 36),
    (120, 26),
    (170, 36),
    (220, 30),
    (222, 88),
    (212, 146),
    (192, 196),
    (160, 238),
    (120, 268),
    (80, 238),
    (48, 196),
    (28, 146),
    (18, 88),
];

/// The links within, each as a line through nodes.
const LINKS: &str = "M20 30 66 86 120 78 174 86 220 30M18 88 66 86 70 36 120 78 170 36 174 86 222 88M18 88 76 142 66 86 \
    120 134 174 86 164 142 222 88M28 146 76 142 120 134 164 142 212 146M76 142 48 196 84 192 120 134 156 192 192 196 164 \
    142 156 192 120 204 84 192 76 142M84 192 80 238 120 204 160 238 156 192";

/// The line down the middle, where light and shade meet.
const SPINE: &str = "M120 26 120 78 120 134 120 204 120 268";

/// The side in shade, and three facets that catch the light otherwise.
const SHADE: &str = "M120 26 170 36 220 30 222 88 212 146 192 196 160 238 120 268z";
const FACETS: &str = "M66 86 120 134 76 142zM120 78 174 86 120 134zM156 192 120 204 120 134zM28 146 76 142 48 196zM170 36 220 30 174 86z";

/// The nodes within, and on the outline between the corners.
const NODES: [(u8, u16); 18] = [
    (70, 36),
    (170, 36),
    (222, 88),
    (212, 146),
    (192, 196),
    (160, 238),
    (80, 238),
    (48, 196),
    (28, 146),
    (18, 88),
    (66, 86),
    (120, 78),
    (174, 86),
    (76, 142),
    (164, 142),
    (84, 192),
    (156, 192),
    (120, 204),
];

/// What holds it together: three points above, one below, and the heart last.
const KEYS: [(u8, u16); 5] = [(20, 30), (120, 26), (220, 30), (120, 268), HEART];

const HEART: (u8, u16) = (120, 134);

/// The whole shield as an SVG without colours: the style gives them by class, on paper, on a card and in the dark.
pub static SHIELD: LazyLock<String> = LazyLock::new(|| draw(&KEYS));

/// The shield without its heart: a hole where it was.
pub static BROKEN: LazyLock<String> = LazyLock::new(|| {
    let hole = format!(r#"<circle class="shield-hole" cx="{}" cy="{}" r="17"/></svg>"#, HEART.0, HEART.1);
    draw(&KEYS[..4]).replace("</svg>", &hole)
});

fn draw(keys: &[(u8, u16)]) -> String {
    let outline = outline();
    let circles = |nodes: &[(u8, u16)], radius: u8| {
        nodes.iter().fold(String::new(), |mut circles, node| {
            let r = if *node == HEART { 12 } else { radius };
            let _ = write!(circles, r#"<circle cx="{}" cy="{}" r="{r}"/>"#, node.0, node.1);
            circles
        })
    };
    // `pathLength` lets the style draw each line from nothing to its end without knowing how long it is.
    format!(
        r#"<svg class="shield" viewBox="6 12 228 270" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><path class="shield-field" d="{outline}"/><path class="shield-shade" d="{SHADE}"/><path class="shield-facet" d="{FACETS}"/><path class="shield-link" pathLength="1" d="{LINKS}{SPINE}"/><path class="shield-edge" pathLength="1" d="{outline}"/><g class="shield-node">{}</g><g class="shield-key">{}</g></svg>"#,
        circles(&NODES, 5),
        circles(keys, 7),
    )
}

fn outline() -> String {
    let points: Vec<_> = OUTLINE.iter().map(|(x, y)| format!("{x} {y}")).collect();
    format!("M{}z", points.join(" "))
}

/// The mark, on a field of 240 by 280: the outline, and the heart with its links to three corners. The links are left out
/// where the line would be too fine.
pub const MARK: &str = "M20 30 70 36 120 26 170 36 220 30 222 88 212 146 192 196 160 238 120 268 80 238 48 196 28 146 18 88z\
    M20 30 120 134 220 30M120 134 120 268";

/// The icon of the site, which stands on whatever the browser shows it on.
pub static FAVICON: LazyLock<String> = LazyLock::new(|| {
    let (outline, (x, y)) = (outline(), HEART);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 0 280 296"><path fill="#0f2a43" stroke="#0f2a43" stroke-width="24" stroke-linejoin="round" d="{outline}"/><path fill="none" stroke="#7fd0d6" stroke-width="16" stroke-linejoin="round" d="M20 30 120 134 220 30M120 134 120 262"/><circle fill="#f2b13c" cx="{x}" cy="{y}" r="32"/></svg>"##
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn points(path: &str) -> Vec<(u8, u16)> {
        let numbers: Vec<u16> = path
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .collect();
        numbers.chunks(2).map(|pair| (pair[0] as u8, pair[1])).collect()
    }

    #[test]
    fn every_line_ends_in_a_node() {
        let nodes: Vec<_> = NODES.iter().chain(&KEYS).collect();
        for point in [LINKS, SPINE, SHADE, FACETS, MARK].into_iter().flat_map(points) {
            assert!(nodes.contains(&&point), "{point:?}");
        }
        assert!(OUTLINE.iter().all(|point| nodes.contains(&point)));
    }

    #[test]
    fn one_half_is_the_mirror_of_the_other() {
        let all: Vec<_> = NODES.iter().chain(&KEYS).copied().collect();
        for (x, y) in &all {
            assert!(all.contains(&(240 - x, *y)), "{x} {y}");
        }
    }
}
