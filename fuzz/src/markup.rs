//! HTML as a browser would read it.

use html5ever::{
    ParseOpts, QualName, local_name, ns, parse_fragment, serialize, serialize::SerializeOpts, tendril::TendrilSink,
};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};

/// An element, with its attributes and their values.
pub struct Element {
    /// Its name.
    pub name: String,
    /// The names and values of its attributes.
    pub attributes: Vec<(String, String)>,
}

/// All elements of a piece of HTML that stands in a page. Panics where it has more than elements and text, or is another piece of
/// HTML when it is written and read once more, by which much has got past those who clean.
pub fn elements(html: &str) -> Vec<Element> {
    let dom = parse(html);
    let written = write(&dom);
    assert_eq!(written, write(&parse(&written)), "it changes by being read: {html}");
    let mut elements = Vec::new();
    // The first is what the parser puts around a fragment.
    let root = dom.document.children.borrow()[0].clone();
    collect(&root, &mut elements, html);
    elements
}

fn parse(html: &str) -> RcDom {
    let name = QualName::new(None, ns!(html), local_name!("div"));
    parse_fragment(RcDom::default(), ParseOpts::default(), name, Vec::new(), false).one(html)
}

fn write(dom: &RcDom) -> String {
    let mut written = Vec::new();
    let root = SerializableHandle::from(dom.document.children.borrow()[0].clone());
    serialize(&mut written, &root, SerializeOpts::default()).expect("written to memory");
    String::from_utf8(written).expect("text")
}

fn collect(node: &Handle, elements: &mut Vec<Element>, html: &str) {
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Element { name, attrs, .. } => {
                let attributes =
                    attrs.borrow().iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect();
                elements.push(Element { name: name.local.to_string(), attributes });
            }
            NodeData::Text { .. } => {}
            other => panic!("{other:?} in {html}"),
        }
        collect(child, elements, html);
    }
}
