//! A small way of reading XML for the formats made of it: elements by local name, attributes by local name, text.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// One piece of a document. An empty element comes as a start and an end.
pub(super) enum Node {
    Start(Element),
    End(String),
    Text(String),
    Eof,
}

/// An element's names and values.
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Self {
        let attributes = start
            .html_attributes()
            .flatten()
            .map(|attribute| {
                let value = quick_xml::escape::unescape(&attribute.value)
                    .map_or_else(|_| attribute.value.clone().into_owned(), std::borrow::Cow::into_owned);
                (attribute.key.local_name().as_ref().to_owned(), value)
            })
            .collect();
        Self { name: start.local_name().as_ref().to_owned(), attributes }
    }

    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The number an attribute holds.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }
}

/// A document being read.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    /// The end of an empty element, which comes next.
    closing: Option<String>,
    depth: usize,
}

/// Elements within elements; spreadsheets need a dozen.
const DEEPEST: usize = 256;

impl<R: BufRead> Xml<R> {
    pub(super) fn new(input: R) -> Self {
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), closing: None, depth: 0 }
    }

    /// The next piece that matters.
    pub(super) fn next(&mut self) -> Result<Node, String> {
        if let Some(name) = self.closing.take() {
            return Ok(Node::End(name));
        }
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| error.to_string())?;
            return Ok(match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(format!("more than {DEEPEST} elements within each other"));
                    }
                    Node::Start(Element::new(&start))
                }
                Event::Empty(start) => {
                    let element = Element::new(&start);
                    self.closing = Some(element.name.clone());
                    Node::Start(element)
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::End(end.local_name().as_ref().to_owned())
                }
                Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Node::Text(resolve(&reference)),
                // What stands before its own end is a cut document; the caller knows which end is missing.
                Event::Eof => Node::Eof,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            });
        }
    }
}

/// The character a reference stands for. Entities that a document defines for itself are kept as written, so that none
/// can grow.
fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    quick_xml::escape::resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}
