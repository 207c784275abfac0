//! The page in a browser: what it does, and whether the texts fit where they stand.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{hostile, library, shown};
use crate::authoring::run;
use crate::site::Site;

/// Asks the page about itself, and writes the answers where the test finds them.
const PROBE: &str = r#"<script>
const answers = {};
const all = (query, root = document) => [...root.querySelectorAll(query)];
answers.scripts = document.scripts.length;
answers.runs = document.documentElement.classList.contains("js");
answers.cards = all(".erd .table").length;
answers.articles = all("article").length;
answers.steps = all(".steps > li").length;
answers.runningOut = all(".erd .table").flatMap(card => {
  const box = card.querySelector(".box").getBoundingClientRect();
  return all("text", card).filter(text => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return left < box.left || right > box.right || top < box.top || bottom > box.bottom;
  }).map(text => text.textContent);
});
const pairs = all(".erd .table > g").flatMap(row => {
  const [name, type] = [row.querySelector("text:not(.t):not(.sgn)"), row.querySelector(".t")];
  return name && type ? [[name.getBoundingClientRect().right, type.getBoundingClientRect().left, name.textContent]] : [];
});
answers.touching = pairs.filter(([right, left]) => right + 4 > left).map(pair => pair[2]);
const shown = () => all(".erd .table.on").map(card => card.querySelector(".nam").textContent);
const edge = document.querySelector(".erd .edge");
if (edge) {
  edge.dispatchEvent(new PointerEvent("pointerenter"));
  answers.pointed = [shown().length, all(".erd .edge.on").length, document.querySelector(".erd").classList.contains("focus")];
  edge.dispatchEvent(new PointerEvent("pointerleave"));
  answers.left = document.querySelector(".erd").classList.contains("focus");
}
const link = document.querySelector(".names a");
link.click();
answers.opened = all("article.open h3 a").map(title => title.textContent);
answers.around = shown();
dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
answers.closed = all("article.open").length;
const step = document.querySelector(".steps > li");
if (step) { step.click(); answers.stepped = shown(); }
const find = document.getElementById("find");
find.value = "zzz"; find.dispatchEvent(new Event("input"));
answers.found = all(".names li").filter(item => !item.hidden).length;
document.documentElement.dataset.answers = JSON.stringify(answers);
</script>"#;

/// What a page says of itself; none, and a word about it, where there is no browser.
fn asked(page: &str) -> Option<Value> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("page.html");
    fs::write(&path, page.replace("</body>", &format!("{PROBE}</body>"))).unwrap();
    let dumped = browser(folder.path(), &["--dump-dom", "--virtual-time-budget=4000"], &path)?;
    let (_, answers) = dumped.split_once("data-answers=\"").unwrap();
    let (answers, _) = answers.split_once('"').unwrap();
    let answers = answers.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    Some(serde_json::from_str(&answers).unwrap())
}

fn browser(folder: &Path, arguments: &[&str], page: &Path) -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.into_iter().find(|name| {
        let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    });
    let Some(name) = found else {
        // Not by a macro: the harness would keep that to itself.
        let _ = writeln!(std::io::stderr(), "not tried in a browser: there is no {} here", names.join(", "));
        return None;
    };
    let output = Command::new(name)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1600,1000"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_page_shows_what_belongs_together() {
    let Some(answers) = asked(&shown(&library(), "--format html")) else { return };
    assert_eq!((&answers["runs"], &answers["scripts"]), (&json!(true), &json!(2)));
    assert_eq!([&answers["cards"], &answers["articles"], &answers["steps"]], [5, 5, 2]);
    assert_eq!((&answers["runningOut"], &answers["touching"]), (&json!([]), &json!([])));
    assert_eq!(answers["pointed"], json!([2, 1, true]));
    assert_eq!(answers["left"], json!(false));
    assert_eq!((&answers["opened"], &answers["around"]), (&json!(["authors"]), &json!(["authors", "books"])));
    assert_eq!(answers["closed"], 0);
    // The newest step is the first.
    assert_eq!(answers["stepped"], json!(["authors", "books", "loans", "titles", "lent"]));
    assert_eq!(answers["found"], 0);
}

#[test]
fn texts_fit_where_they_stand_and_names_are_only_names() {
    let site = Site::new();
    site.db("upgrade").done();
    let own = site.db("schema --format html").done();
    let database = hostile();
    let of_an_enemy =
        run(Path::new("."), &format!("schema --database {} --format html", database.path().display())).done();
    for (page, cards, steps) in [(own, 26, 12), (of_an_enemy, 7, 0)] {
        let Some(answers) = asked(&page) else { return };
        assert_eq!([&answers["scripts"], &answers["cards"], &answers["steps"]], [2, cards, steps]);
        assert_eq!((&answers["runningOut"], &answers["touching"]), (&json!([]), &json!([])));
    }
}

#[test]
fn the_page_can_be_read_without_a_script() {
    let page = shown(&library(), "--format html --changed-by 2");
    let (body, _) = page.split_once("<script>").unwrap();
    for part in [
        "<td class=\"mono\">author_id</td><td class=\"mono\">INTEGER</td><td>no</td>",
        "→ <a href=\"#d0\" data-card=\"t0\">authors (id)</a> ON DELETE CASCADE",
        "<p>Check: <code>title &lt;&gt; &#39;&#39;</code></p>",
        "<li class=\"added\">+ table loans (2 columns)</li>",
        "<li class=\"changed\">~ books: + column shelf TEXT</li>",
        "<small class=\"chg removed\">removed</small>",
        "<pre>CREATE TABLE loans (\n",
    ] {
        assert!(body.contains(part), "{part}\n{body}");
    }
    // Nothing is fetched, and a browser is told that nothing may be.
    assert_eq!(page.matches("http").count(), 2, "the name of SVG, and http-equiv");
    assert!(page.contains("default-src 'none'"));
}
