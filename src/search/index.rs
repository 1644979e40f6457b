//! The server's index: a folder that tantivy keeps, made from the store and never more than that.
//!
//! A text is in it once for each of its wordings. `stems` has its words without their endings and where they stand, `forms` the
//! words as they are written (folded), for what was only begun or is mistyped.

use super::{
    analyse::tokens,
    query::{
        self, ALIKE, EXPANSIONS, SHORT, SUMMARY, TITLE, WHOLE_TITLE, Wanted, distance, distance_to_beginning,
        in_language,
    },
    stem::stem,
};
use crate::i18n::Lang;
use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap},
    ffi::OsStr,
    fs, io,
    num::NonZero,
    path::{Path, PathBuf},
    sync::atomic::{self, AtomicBool},
    time::{Duration, Instant},
};
use tantivy::{
    Directory as _, DocAddress, DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Score, Searcher, SegmentOrdinal,
    SegmentReader, TantivyDocument, TantivyError, Term,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    directory::{
        INDEX_WRITER_LOCK, MmapDirectory,
        error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
    },
    fastfield::AliveBitSet,
    merge_policy::LogMergePolicy,
    query::{
        BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
        Weight,
    },
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
    },
    tokenizer::{Token, TokenStream, Tokenizer},
};

/// Changes whenever the same content would be indexed otherwise: an index of another form is made anew.
const FORM: u32 = 4;
/// How many words of the index are looked at for a beginning or a mistyped word, in each of its segments.
const LOOKED_AT: usize = 4000;
/// How long a search may take before it is answered with what was found until then. It is looked at before each segment, but for
/// those with so few texts that they cost nothing: on a busy machine they would be passed over for no gain.
const PATIENCE: Duration = Duration::from_millis(20);
/// The same where words have to follow each other, which is looked up for each text that has them.
const PATIENCE_FOR_PHRASES: Duration = Duration::from_millis(38);
const COSTS_NOTHING: u32 = 2_000;
/// From how many texts on a segment is not merged any more: a small one costs little to write and bounds what is searched between
/// two looks at the clock.
const SEGMENT: usize = 30_000;
/// What a writer may keep in memory before it writes a segment, in bytes. It takes what it needs.
const MEMORY: usize = 40_000_000;

/// Something that can be found, with all of its wordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is: the subject of a change to it.
    pub key: String,
    /// When it was published, in seconds since 1970; posts alone.
    pub published: Option<i64>,
    /// Who wrote it.
    pub author: Option<String>,
    /// What it is about.
    pub topics: Vec<String>,
    /// Its wordings.
    pub versions: Vec<Version>,
}

/// The words of an entry for some readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The languages whose readers get these words.
    pub readers: Vec<Lang>,
    /// The language of title and summary.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// The language of the text.
    pub body_lang: Lang,
    /// The text in Markdown.
    pub body: String,
}

/// What narrows a search.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Only posts about this topic.
    pub topic: Option<String>,
    /// Only posts by this author.
    pub author: Option<String>,
    /// Only posts published from the first second until before the second.
    pub period: Option<(i64, i64)>,
    /// Only what has words in this language.
    pub lang: Option<Lang>,
}

/// The index. Cheap to clone.
#[derive(Clone)]
pub struct TextIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    languages: String,
}

#[derive(Clone, Copy)]
struct Fields {
    key: Field,
    stems: Field,
    forms: Field,
    topic: Field,
    author: Field,
    readers: Field,
    lang: Field,
    published: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = |option| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(PREPARED).set_fieldnorms(true).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let fields = Fields {
        key: schema.add_text_field("key", STRING | STORED),
        stems: schema.add_text_field("stems", words(IndexRecordOption::WithFreqsAndPositions)),
        forms: schema.add_text_field("forms", words(IndexRecordOption::WithFreqs)),
        topic: schema.add_text_field("topic", STRING),
        author: schema.add_text_field("author", STRING),
        // A bit for each language; settings allow no more languages than there are bits.
        readers: schema.add_u64_field("readers", FAST),
        lang: schema.add_u64_field("lang", FAST),
        published: schema.add_i64_field("published", FAST | INDEXED),
    };
    (schema.build(), fields)
}

fn bit(lang: Lang) -> u64 {
    let number = Lang::all().position(|it| it == lang).unwrap_or_default();
    1_u64.checked_shl(number as u32).unwrap_or_default()
}

impl TextIndex {
    /// Opens the index in `dir`, or begins a new one where there is none that this program can read. Nothing else may be in the
    /// folder: what is not an index stays as it is.
    pub fn open(dir: &Path) -> Result<Self, TantivyError> {
        let dir = &own_folder(dir);
        fs::create_dir_all(dir).map_err(io_error)?;
        match Index::open_in_dir(dir).and_then(Self::of) {
            Ok(index) if index.index.schema() == schema().0 => return Ok(index),
            Ok(_) => tracing::info!("the search index is of another version and is made anew"),
            Err(TantivyError::OpenReadError(_)) if !dir.join("meta.json").exists() => {}
            Err(error) if is_broken(&error) => {
                tracing::warn!(%error, "the search index cannot be read and is made anew")
            }
            Err(error) => return Err(error),
        }
        empty(dir)?;
        Index::create_in_dir(dir, schema().0).and_then(Self::of)
    }

    /// An index in memory, for where no folder can be written.
    pub fn in_memory() -> Result<Self, TantivyError> {
        Self::of(Index::create_in_ram(schema().0))
    }

    fn of(mut index: Index) -> Result<Self, TantivyError> {
        // The segments of a search are shared among the processors.
        index.set_multithread_executor(cores())?;
        index.tokenizers().register(PREPARED, Prepared);
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0).try_into()?;
        let languages = Lang::all().map(Lang::tag).collect::<Vec<_>>().join(" ");
        Ok(Self { index, reader, fields: schema().1, languages })
    }

    /// Opens the index for writing, as nobody else has it: not even another program.
    pub fn writer(&self) -> Result<Writer, TantivyError> {
        let writer = self.index.writer_with_num_threads(1, MEMORY)?;
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(SEGMENT);
        policy.set_del_docs_ratio_before_merge(0.3);
        writer.set_merge_policy(Box::new(policy));
        Ok(Writer { writer, fields: self.fields, languages: self.languages.clone() })
    }

    /// What the writer said of the store at its last commit; nothing where it was of another form.
    pub fn written(&self) -> Option<String> {
        let payload = self.index.load_metas().ok()?.payload?;
        let (form, note) = payload.split_once('\n')?;
        (form == format_form(&self.languages)).then(|| note.to_owned())
    }

    /// Has searches see what was committed.
    pub fn reload(&self) -> Result<(), TantivyError> {
        self.reader.reload()
    }

    /// How many texts searches see.
    pub fn texts(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Begins to search for a reader of `reader`, for the best `limit` texts that answer `query`.
    pub fn search(&self, query: &query::Query, reader: Lang, narrow: Narrow, limit: usize) -> Search {
        let has_phrase = query.units.iter().any(|unit| unit.forms.len() > 1);
        Search {
            searcher: self.reader.searcher(),
            fields: self.fields,
            // Words in one language are wanted as its readers get them.
            reader: narrow.lang.unwrap_or(reader),
            narrow,
            limit,
            until: Instant::now() + if has_phrase { PATIENCE_FOR_PHRASES } else { PATIENCE },
            cut: AtomicBool::new(false),
        }
    }
}

fn format_form(languages: &str) -> String {
    format!("{FORM} {languages}")
}

/// What no word begins with.
const TITLE_SIGN: char = '=';

/// The word of the index for a title that is just this: no text has such a word.
fn whole_title(title: &str) -> String {
    format!("{TITLE_SIGN}{title}")
}

/// Versions of the program that index otherwise have folders of their own, so that two of them do not take each other's away.
pub(super) fn own_folder(dir: &Path) -> PathBuf {
    dir.join(FORM.to_string())
}

/// Removes the index below `dir`, unless another program writes it; who has it open goes on with what they have.
pub fn remove(dir: &Path) -> Result<(), TantivyError> {
    let dir = own_folder(dir);
    if dir.is_dir() { empty(&dir) } else { Ok(()) }
}

/// Removes the files of an index from a folder.
fn empty(dir: &Path) -> Result<(), TantivyError> {
    let lock = MmapDirectory::open(dir)?.acquire_lock(&INDEX_WRITER_LOCK);
    let _lock = lock.map_err(|error| TantivyError::LockFailure(error, None))?;
    for entry in fs::read_dir(dir).map_err(io_error)? {
        let path = entry.map_err(io_error)?.path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let is_segment = name.get(..32).is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if is_segment || ["meta.json", ".managed.json"].contains(&name) {
            fs::remove_file(path).map_err(io_error)?;
        }
    }
    Ok(())
}

fn io_error(error: io::Error) -> TantivyError {
    TantivyError::IoError(error.into())
}

/// Whether an index that answers like this has to be made anew. A full disk or too many open files pass.
pub fn is_broken(error: &TantivyError) -> bool {
    match error {
        TantivyError::DataCorruption(_) | TantivyError::IncompatibleIndex(_) => true,
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_)) => true,
        TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => true,
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::IoError(io_error)
        | TantivyError::LockFailure(LockError::IoError(io_error), _) => {
            // The last two are what tantivy says of a file that was cut, whose end it does not find.
            use io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
            matches!(io_error.kind(), NotFound | InvalidData | UnexpectedEof)
        }
        _ => false,
    }
}

/// Writes into the index. What it does is seen at the next commit, all at once.
pub struct Writer {
    writer: IndexWriter,
    fields: Fields,
    languages: String,
}

impl Writer {
    /// Takes everything out.
    pub fn clear(&self) -> Result<(), TantivyError> {
        self.writer.delete_all_documents().map(drop)
    }

    /// Takes an entry out, if it is there.
    pub fn remove(&self, key: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.key, key));
    }

    /// Adds an entry. One that is there has to be removed before.
    pub fn add(&self, entry: &Entry) -> Result<(), TantivyError> {
        for version in &entry.versions {
            self.writer.add_document(self.document(entry, version))?;
        }
        Ok(())
    }

    /// Makes everything until now last, and notes what the index has of the store.
    pub fn commit(&mut self, note: &str) -> Result<(), TantivyError> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&format!("{}\n{note}", format_form(&self.languages)));
        commit.commit().map(drop)
    }

    fn document(&self, entry: &Entry, version: &Version) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.fields.key, &entry.key);
        let (stems, forms) = words(version);
        document.add_text(self.fields.stems, stems);
        document.add_text(self.fields.forms, forms);
        for topic in &entry.topics {
            document.add_text(self.fields.topic, topic);
        }
        if let Some(author) = &entry.author {
            document.add_text(self.fields.author, author);
        }
        document
            .add_u64(self.fields.readers, version.readers.iter().map(|lang| bit(*lang)).fold(0, |all, bit| all | bit));
        document.add_u64(self.fields.lang, bit(version.lang));
        document.add_i64(self.fields.published, entry.published.unwrap_or(i64::MIN));
        document
    }
}

/// The words of a text as they are indexed: without endings, and as they are written; in the form that [`Prepared`] reads.
fn words(version: &Version) -> (String, String) {
    let (mut stems, mut forms) = (String::new(), String::new());
    let text = version.text();
    let parts = [
        (&version.title, version.lang, TITLE),
        (&version.summary, version.lang, SUMMARY),
        (&text, version.body_lang, 1),
    ];
    for (part, lang, times) in parts {
        stems.push(char::from(b'0' + times));
        forms.push(char::from(b'0' + times));
        for token in tokens(part) {
            stems.push_str(&stem(lang.tag(), &token.form));
            stems.push(END_OF_WORD);
            forms.push_str(&in_language(lang.tag(), &token.form));
            forms.push(END_OF_WORD);
        }
        stems.push(END_OF_PART);
        forms.push(END_OF_PART);
    }
    forms.push('1');
    forms.push_str(&whole_title(&query::title(&version.title)));
    forms.push(END_OF_WORD);
    (stems, forms)
}

/// What follows a word and a part of a text; no word has these.
const END_OF_WORD: char = '\u{1f}';
const END_OF_PART: char = '\u{1e}';
/// The name of [`Prepared`] in the index.
const PREPARED: &str = "prepared";

/// Gives the index words that were made ready for it: parts of a text that begin with how often each of their words counts. A word
/// that counts several times stands so often at its place, and a short text is filled up with a word that nobody can ask for.
///
/// Words already apart would take twenty times the memory on their way to the index.
#[derive(Clone)]
struct Prepared;

impl Tokenizer for Prepared {
    type TokenStream<'a> = PreparedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreparedStream<'a> {
        PreparedStream { rest: text, times: 0, again: 0, count: 0, token: Token { position: 0, ..Default::default() } }
    }
}

struct PreparedStream<'a> {
    rest: &'a str,
    /// How often the words of this part count.
    times: usize,
    /// How often the last word is to be given again.
    again: usize,
    /// How many words were given.
    count: usize,
    token: Token,
}

impl TokenStream for PreparedStream<'_> {
    fn advance(&mut self) -> bool {
        self.count += 1;
        if self.again > 0 {
            self.again -= 1;
            return true;
        }
        while let Some(first) = self.rest.chars().next() {
            if self.times == 0 {
                self.times = first.to_digit(10).unwrap_or(1) as usize;
                self.rest = &self.rest[first.len_utf8()..];
            } else if first == END_OF_PART {
                // A phrase does not go on from one part to the next.
                self.token.position += 1;
                self.times = 0;
                self.rest = &self.rest[first.len_utf8()..];
            } else {
                let (word, rest) = self.rest.split_once(END_OF_WORD).unwrap_or((self.rest, ""));
                self.rest = rest;
                self.again = self.times - 1;
                self.token.position += 1;
                self.token.text.clear();
                self.token.text.push_str(word);
                return true;
            }
        }
        self.token.text.clear();
        self.count <= SHORT
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// A search, as far as its answers are to be counted together: what it may cost is for all of them.
pub struct Search {
    searcher: Searcher,
    fields: Fields,
    reader: Lang,
    narrow: Narrow,
    limit: usize,
    until: Instant,
    cut: AtomicBool,
}

impl Search {
    /// Whether there is no time left for this segment.
    fn is_over(&self, segment: &SegmentReader) -> bool {
        segment.max_doc() > COSTS_NOTHING && Instant::now() >= self.until
    }

    /// Whether there was not the time to look through everything.
    pub fn was_cut(&self) -> bool {
        self.cut.load(atomic::Ordering::Relaxed)
    }

    fn stem(&self, stem: &str) -> Term {
        Term::from_field_text(self.fields.stems, stem)
    }

    fn form(&self, form: &str) -> Term {
        Term::from_field_text(self.fields.forms, form)
    }

    /// The languages of the texts: the reader's, and then the others.
    fn languages(&self) -> impl Iterator<Item = &'static str> {
        let reader = self.reader;
        std::iter::once(reader).chain(Lang::all().filter(move |lang| *lang != reader)).map(Lang::tag)
    }

    /// What has one of the stems, or phrases, or forms; nothing where the index has none of them.
    fn unit(&self, wanted: &Wanted) -> Result<Option<Box<dyn Query>>, TantivyError> {
        let mut any: Vec<Box<dyn Query>> = Vec::new();
        for sequence in &wanted.stems {
            match sequence.as_slice() {
                [] => {}
                [stem] if self.searcher.doc_freq(&self.stem(stem))? == 0 => {}
                [stem] => any.push(Box::new(TermQuery::new(self.stem(stem), IndexRecordOption::WithFreqs))),
                phrase => any.push(Box::new(PhraseQuery::new(phrase.iter().map(|stem| self.stem(stem)).collect()))),
            }
        }
        for form in wanted.forms.iter().flat_map(|form| self.languages().map(|lang| in_language(lang, form))) {
            let form = self.form(&form);
            if self.searcher.doc_freq(&form)? > 0 {
                let term = TermQuery::new(form, IndexRecordOption::WithFreqs);
                any.push(Box::new(BoostQuery::new(Box::new(term), ALIKE)));
            }
        }
        Ok(match any.len() {
            0 | 1 => any.pop(),
            _ => Some(Box::new(BooleanQuery::union(any))),
        })
    }

    /// A query within the topic and by the author that the search is narrowed to.
    fn narrowed(&self, query: Option<Box<dyn Query>>) -> Result<Option<Box<dyn Query>>, TantivyError> {
        let Some(mut query) = query else { return Ok(None) };
        for (field, value) in [(self.fields.topic, &self.narrow.topic), (self.fields.author, &self.narrow.author)] {
            let Some(value) = value else { continue };
            let term = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
            let only: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(term), 0.0));
            query = Box::new(BooleanQuery::intersection(vec![query, only]));
        }
        Ok(Some(query))
    }

    /// Looks through the words of the index that `visit` is called with, those of the reader's language first, and keeps the most
    /// frequent ones that it takes.
    fn gather(
        &self,
        mut visit: impl FnMut(&SegmentReader, &str, &mut HashMap<String, u64>) -> Result<(), TantivyError>,
    ) -> Result<Vec<String>, TantivyError> {
        let mut forms: Vec<String> = Vec::new();
        for lang in self.languages() {
            let mut found = HashMap::new();
            for segment in self.searcher.segment_readers() {
                if self.is_over(segment) {
                    self.cut.store(true, atomic::Ordering::Relaxed);
                    break;
                }
                visit(segment, lang, &mut found)?;
            }
            let mut found: Vec<_> = found.into_iter().filter(|(form, _)| !forms.contains(form)).collect();
            found.sort_unstable_by(|(a, many_a), (b, many_b)| many_b.cmp(many_a).then(a.cmp(b)));
            forms.extend(found.into_iter().take(EXPANSIONS - forms.len()).map(|(form, _)| form));
            if forms.len() == EXPANSIONS {
                break;
            }
        }
        Ok(forms)
    }
}

impl query::Index for Search {
    type Hit = String;
    type Error = TantivyError;

    fn find(&self, wanted: &[Wanted], all: bool, title: &str) -> Result<Vec<String>, TantivyError> {
        let occur = if all { Occur::Must } else { Occur::Should };
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for wanted in wanted {
            match self.unit(wanted)? {
                Some(unit) => clauses.push((occur, unit)),
                None if all => return Ok(Vec::new()),
                None => {}
            }
        }
        let mut query: Box<dyn Query> = match clauses.len() {
            0 => Box::new(EmptyQuery),
            1 => clauses.remove(0).1,
            _ => Box::new(BooleanQuery::new(clauses)),
        };
        let title = self.form(&whole_title(title));
        if self.searcher.doc_freq(&title)? > 0 {
            let title = TermQuery::new(title, IndexRecordOption::Basic);
            let title: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(title), WHOLE_TITLE));
            query = Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Should, title)]));
        }
        let Some(query) = self.narrowed(Some(query))? else { return Ok(Vec::new()) };
        let best = Best { search: self, limit: self.limit, is_any: false };
        let (hits, cut) = self.searcher.search(&query, &best)?;
        self.cut.fetch_or(cut, atomic::Ordering::Relaxed);
        let mut keys = Vec::new();
        for hit in hits {
            let document: TantivyDocument = self.searcher.doc(hit.address)?;
            keys.extend(document.get_first(self.fields.key).and_then(|key| key.as_str()).map(str::to_owned));
        }
        Ok(keys)
    }

    fn knows(&self, wanted: &Wanted) -> Result<bool, TantivyError> {
        let Some(query) = self.narrowed(self.unit(wanted)?)? else { return Ok(false) };
        let (hits, _) = self.searcher.search(&query, &Best { search: self, limit: 1, is_any: true })?;
        Ok(!hits.is_empty())
    }

    fn beginning(&self, form: &str) -> Result<Vec<String>, TantivyError> {
        self.gather(|segment, lang, found| {
            let begins = in_language(lang, form);
            let index = segment.inverted_index(self.fields.forms)?;
            let mut terms = index.terms().range().ge(&begins).into_stream()?;
            for _ in 0..LOOKED_AT {
                if !terms.advance() || !terms.key().starts_with(begins.as_bytes()) {
                    break;
                }
                if terms.key() != begins.as_bytes() {
                    note(found, lang, terms.key(), terms.value().doc_freq, |_| true);
                }
            }
            Ok(())
        })
    }

    fn alike(&self, form: &str, typos: u8, is_open: bool) -> Result<Vec<String>, TantivyError> {
        let far = if is_open { distance_to_beginning } else { distance };
        let automata: HashMap<_, _> = self
            .languages()
            .map(|lang| {
                let term = self.form(&in_language(lang, form));
                let query = if is_open {
                    FuzzyTermQuery::new_prefix(term, typos, true)
                } else {
                    FuzzyTermQuery::new(term, typos, true)
                };
                query.automaton().map(|automaton| (lang, automaton))
            })
            .collect::<Result<_, _>>()?;
        self.gather(|segment, lang, found| {
            let Some(automaton) = automata.get(lang) else { return Ok(()) };
            let index = segment.inverted_index(self.fields.forms)?;
            let mut terms = index.terms().search(automaton).into_stream()?;
            for _ in 0..LOOKED_AT {
                if !terms.advance() {
                    break;
                }
                note(found, lang, terms.key(), terms.value().doc_freq, |known| far(form, known, typos) == Some(typos));
            }
            Ok(())
        })
    }
}

/// Counts a word of the index in this language, if it is one that is looked for.
fn note(found: &mut HashMap<String, u64>, lang: &str, key: &[u8], many: u32, is_meant: impl Fn(&str) -> bool) {
    let form = std::str::from_utf8(key).ok().and_then(|key| key.strip_prefix(lang)?.strip_prefix(':'));
    if let Some(form) = form.filter(|form| is_meant(form)) {
        *found.entry(form.to_owned()).or_default() += u64::from(many);
    }
}

/// A text that was found: of two that are equally good, the newer one is better.
#[derive(Clone, Copy, PartialEq)]
struct Hit {
    score: Score,
    published: i64,
    address: DocAddress,
}

impl Eq for Hit {}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        let newer = self.published.cmp(&other.published).then(self.address.cmp(&other.address));
        self.score.total_cmp(&other.score).then(newer)
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Collects the best texts that the reader may see, passing over those that cannot be among them.
struct Best<'a> {
    search: &'a Search,
    limit: usize,
    /// Whether any text will do: then the first ones are taken.
    is_any: bool,
}

impl Collector for Best<'_> {
    type Fruit = (Vec<Hit>, bool);
    type Child = BestOfSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> Result<BestOfSegment, TantivyError> {
        let Search { narrow, reader: lang, .. } = self.search;
        let fast = reader.fast_fields();
        Ok(BestOfSegment {
            segment,
            reader: bit(*lang),
            lang: narrow.lang.map(bit),
            period: narrow.period,
            readers: fast.u64("readers")?,
            langs: fast.u64("lang")?,
            published: fast.i64("published")?,
            alive: reader.alive_bitset().cloned(),
            limit: self.limit,
            is_any: self.is_any,
            best: BinaryHeap::with_capacity(self.limit + 1),
            cut: self.search.is_over(reader),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> Result<(Vec<Hit>, bool), TantivyError> {
        let mut best = self.for_segment(segment, reader)?;
        if !best.cut {
            weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| best.offer(doc, score))?;
        }
        Ok(best.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<(Vec<Hit>, bool)>) -> Result<Self::Fruit, TantivyError> {
        let cut = fruits.iter().any(|(_, cut)| *cut);
        let mut hits: Vec<_> = fruits.into_iter().flat_map(|(hits, _)| hits).collect();
        hits.sort_unstable_by_key(|hit| Reverse(*hit));
        hits.truncate(self.limit);
        Ok((hits, cut))
    }
}

/// [`Best`] of a segment.
struct BestOfSegment {
    segment: SegmentOrdinal,
    reader: u64,
    lang: Option<u64>,
    period: Option<(i64, i64)>,
    readers: Column<u64>,
    langs: Column<u64>,
    published: Column<i64>,
    alive: Option<AliveBitSet>,
    limit: usize,
    is_any: bool,
    best: BinaryHeap<Reverse<Hit>>,
    cut: bool,
}

impl BestOfSegment {
    /// Takes a text if it is good enough, and gives the score that the next ones have to pass.
    fn offer(&mut self, doc: DocId, score: Score) -> Score {
        let is_alive = self.alive.as_ref().is_none_or(|alive| alive.is_alive(doc));
        if is_alive && self.readers.first(doc).is_some_and(|readers| readers & self.reader != 0) {
            let published = self.published.first(doc).unwrap_or(i64::MIN);
            let is_then = self.period.is_none_or(|(from, until)| (from..until).contains(&published));
            let is_in = self.lang.is_none_or(|lang| self.langs.first(doc) == Some(lang));
            if is_then && is_in {
                self.best.push(Reverse(Hit { score, published, address: DocAddress::new(self.segment, doc) }));
                if self.best.len() > self.limit {
                    self.best.pop();
                }
            }
        }
        match self.best.peek() {
            Some(_) if self.is_any && self.best.len() == self.limit => Score::INFINITY,
            // What is just as good may be newer.
            Some(Reverse(worst)) if self.best.len() == self.limit => worst.score.next_down(),
            _ => Score::MIN,
        }
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = (Vec<Hit>, bool);

    fn collect(&mut self, doc: DocId, score: Score) {
        self.offer(doc, score);
    }

    fn harvest(self) -> Self::Fruit {
        (self.best.into_iter().map(|Reverse(hit)| hit).collect(), self.cut)
    }
}

/// How many searches, or parts of one, there may be at once.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// The languages of the texts, by their tags, for what a query asks in each.
pub fn languages() -> Vec<&'static str> {
    Lang::all().map(Lang::tag).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        query::{How, search},
        *,
    };
    use crate::i18n::testing::*;

    fn version(readers: &[Lang], lang: Lang, title: &str, body: &str) -> Version {
        let (title, body) = (title.into(), body.into());
        Version { readers: readers.to_vec(), lang, title, summary: String::new(), body_lang: lang, body }
    }

    fn entry(key: &str, published: i64, versions: Vec<Version>) -> Entry {
        let topics = vec![format!("about-{}", &key[5..6])];
        Entry { key: key.into(), published: Some(published), author: Some("desk".into()), topics, versions }
    }

    fn all() -> Vec<Lang> {
        Lang::all().collect()
    }

    fn index(entries: &[Entry]) -> TextIndex {
        let index = TextIndex::in_memory().expect("an index");
        let mut writer = index.writer().expect("a writer");
        entries.iter().try_for_each(|entry| writer.add(entry)).expect("added");
        writer.commit("a note").expect("committed");
        index.reload().expect("loaded");
        index
    }

    fn find(index: &TextIndex, reader: Lang, narrow: Narrow, query: &str) -> (Vec<String>, How) {
        let query = query::Query::read(query, false);
        let answer = search(&index.search(&query, reader, narrow, 10), &query, &languages());
        let answer = answer.expect("an answer");
        (answer.hits, answer.how)
    }

    #[test]
    fn a_title_weighs_more_than_a_text_and_newer_wins_ties() {
        let post =
            |key: &str, at, title: &str, body: &str| entry(key, at, vec![version(&all(), Lang::DEFAULT, title, body)]);
        let index = index(&[
            post("post/a", 3, "Another matter", "Of a harbour."),
            post("post/b", 1, "The harbour", "Of nothing."),
            post("post/c", 2, "The harbour", "Of nothing."),
        ]);
        assert_eq!(find(&index, Lang::DEFAULT, Narrow::default(), "harbours").0, ["post/c", "post/b", "post/a"]);
        assert_eq!(find(&index, Lang::DEFAULT, Narrow::default(), "harbour nothing").0, ["post/c", "post/b"]);
    }

    #[test]
    fn a_reader_finds_their_own_words_and_where_there_are_none_the_original() {
        let translated = vec![
            version(&[FR], FR, "Le port", "Des bateaux."),
            version(&[Lang::DEFAULT, ES, AR], Lang::DEFAULT, "The harbour", "Boats."),
        ];
        let index = index(&[
            entry("post/a", 1, translated),
            entry("post/b", 2, vec![version(&all(), ES, "El puerto", "Barcos.")]),
        ]);
        let (by, none) = (|reader, query| find(&index, reader, Narrow::default(), query).0, Vec::<String>::new());
        assert_eq!(
            (by(FR, "bateau"), by(FR, "harbour"), by(ES, "harbour")),
            (vec!["post/a".into()], none.clone(), vec!["post/a".into()])
        );
        assert_eq!((by(FR, "puertos"), by(Lang::DEFAULT, "puerto")), (vec!["post/b".into()], vec!["post/b".into()]));
        let only = |lang| Narrow { lang: Some(lang), ..Default::default() };
        assert_eq!(find(&index, FR, only(ES), "puerto").0, ["post/b"]);
        assert_eq!(
            find(&index, FR, only(Lang::DEFAULT), "harbour").0,
            ["post/a"],
            "as readers of that language get it"
        );
        assert_eq!(find(&index, FR, only(Lang::DEFAULT), "puerto").0, none);
    }

    #[test]
    fn a_search_is_narrowed_by_topic_author_and_time() {
        let post = |key: &str, at| entry(key, at, vec![version(&all(), Lang::DEFAULT, "The harbour", "")]);
        let index = index(&[post("post/a", 10), post("post/b", 20), post("post/c", 30)]);
        let by = |narrow| find(&index, Lang::DEFAULT, narrow, "harbour").0;
        assert_eq!(by(Narrow { topic: Some("about-b".into()), ..Default::default() }), ["post/b"]);
        assert_eq!(by(Narrow { author: Some("desk".into()), ..Default::default() }).len(), 3);
        assert!(by(Narrow { author: Some("nobody".into()), ..Default::default() }).is_empty());
        assert_eq!(by(Narrow { period: Some((10, 30)), ..Default::default() }), ["post/b", "post/a"]);
    }

    #[test]
    fn phrases_are_looked_for_as_they_stand_and_in_one_part() {
        let post =
            |key: &str, title: &str, body: &str| entry(key, 1, vec![version(&all(), Lang::DEFAULT, title, body)]);
        let index = index(&[post("post/a", "Old harbour", "Walls fall."), post("post/b", "A harbour", "So old.")]);
        let by = |query| find(&index, Lang::DEFAULT, Narrow::default(), query);
        assert_eq!(by("\"old harbours\""), (vec!["post/a".into()], How::Asked));
        assert_eq!(by("\"harbour walls\"").1, How::Partly, "a title does not go on in the text");
    }

    #[test]
    fn what_is_mistyped_or_only_begun_is_found_and_what_is_nowhere_is_left_out() {
        let post = |key: &str, title: &str| entry(key, 1, vec![version(&all(), Lang::DEFAULT, title, "")]);
        let index = index(&[post("post/a", "Lighthouses"), post("post/b", "Harbour of lights")]);
        let by = |query| find(&index, Lang::DEFAULT, Narrow::default(), query);
        assert_eq!(by("harbuor"), (vec!["post/b".into()], How::Respelled(vec![0])));
        assert_eq!(by("lihgthuoses"), (vec!["post/a".into()], How::Respelled(vec![0])));
        assert_eq!(by("har"), (vec!["post/b".into()], How::Asked));
        assert_eq!(by("harbour zebra"), (vec!["post/b".into()], How::Partly));
        assert_eq!(by("zebra").0, Vec::<String>::new());
        assert_eq!(by("\"zebra\" !? \0 \u{202e}").0, Vec::<String>::new());
    }

    #[test]
    fn a_sign_by_itself_is_found_wherever_it_stands() {
        let post = |key: &str, title: &str| entry(key, 1, vec![version(&all(), Lang::DEFAULT, title, "")]);
        let index = index(&[
            post("post/a", "我们断网。"),
            post("post/b", "网络中立很重要。"),
            post("post/c", "이것은 새로운 법."),
            post("post/d", "법은 모두에게"),
        ]);
        let by = |query| {
            let (mut hits, how) = find(&index, Lang::DEFAULT, Narrow::default(), query);
            hits.sort();
            (hits.join(" "), how)
        };
        assert_eq!(by("网"), ("post/a post/b".into(), How::Asked));
        assert_eq!(by("网 中立"), ("post/b".into(), How::Asked));
        assert_eq!(by("법"), ("post/c post/d".into(), How::Asked));
    }

    #[test]
    fn a_search_without_time_left_passes_over_what_costs_time_and_says_so() {
        let post = |n| entry(&format!("post/{n}"), n, vec![version(&all(), Lang::DEFAULT, "The harbour", "")]);
        let found = |posts: u32| {
            let index = index(&(0..posts.into()).map(post).collect::<Vec<_>>());
            let search_late = |query: &query::Query| {
                let late = index.search(query, Lang::DEFAULT, Narrow::default(), 10);
                let late = Search { until: Instant::now(), ..late };
                let hits = search(&late, query, &languages()).expect("an answer").hits.len();
                (hits, late.was_cut())
            };
            let (mut hits, mut was_cut) = (0, false);
            // A word, a phrase, a beginning, a mistyped word.
            for (text, is_open) in [("harbour", false), ("\"the harbour\"", false), ("harb", true), ("harbuor", false)]
            {
                let (found, cut) = search_late(&query::Query::read(text, is_open));
                (hits, was_cut) = (hits + found, was_cut || cut);
            }
            (hits, was_cut)
        };
        assert_eq!(found(COSTS_NOTHING), (40, false));
        assert_eq!(found(COSTS_NOTHING + 1), (0, true));
    }

    #[test]
    fn what_a_writer_did_not_commit_is_not_there_and_a_note_belongs_to_its_form() {
        let index = index(&[entry("post/a", 1, vec![version(&all(), Lang::DEFAULT, "Harbour", "")])]);
        let writer = index.writer().expect("a writer");
        assert!(index.writer().is_err(), "one at a time");
        writer.remove("post/a");
        drop(writer);
        index.reload().expect("loaded");
        assert_eq!((index.reader.searcher().num_docs(), index.written().as_deref()), (1, Some("a note")));
        let other = TextIndex { languages: "de".into(), ..index };
        assert_eq!(other.written(), None, "bits stand for other languages");
    }
}
