//! Statements over HTTP: made once, downloaded and verified, and closed to those who may not see them.

use super::{UNKNOWN, service_on, signer, tenant};
use annotation_statistics_access::{AccessKey, KeyScopes};
use annotation_statistics_domain::{PublicKey, StatementRepository};
use annotation_statistics_statements::{SigningKeyFile, public_key_from_pem, verify};
use annotation_statistics_storage::PostgresStatementRepository;
use annotation_statistics_tests::{
    Download, Envelope, KeyDatabase, KeyHolder, OpenDownload, RawResponse, RunningService, Signer, access_key, record,
    task, temp_folder,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::thread;
use tempfile::TempDir;

const STATEMENTS: &str = "/annotation-requests/a/statements";
const FILES: [&str; 4] = ["statement.json", "statement.sig", "rows.jsonl", "rows.jsonl.zst"];
const UNSIGNED: (u16, i64, &str) =
    (503, 5000, "Service hiccuped, please try again later: no statement can be signed now");

/// A service that signs with a key of its own, for the keys of two campaigns.
struct Signing {
    folder: TempDir,
    data: KeyDatabase,
    service: RunningService,
    own: Signer,
    other: Signer,
    /// Who only reads.
    reader: Signer,
}

impl Signing {
    /// With 300 tasks of the request `a` of the campaign 1001, and one of `b` of 1002.
    async fn new() -> Self {
        let (folder, data) = (temp_folder(), KeyDatabase::empty());
        record(&data.database, (1..=300).map(|id| task("a", id)).chain([task("b", 1).campaign("1002")])).await;
        let keys = [tenant("ak-1", "1001"), tenant("ak-2", "1002")];
        let reader = AccessKey { scopes: KeyScopes::Read, ..access_key("ak-3") };
        keys.iter().chain([&reader]).for_each(|key| data.add(key.clone()));
        SigningKeyFile::new(folder.path().join("key.pem")).create().unwrap();
        let file = folder.path().join("key.pem").display().to_string();
        let settings = format!("statements.signing_key_file = '{file}'\nstatements.max_concurrent = 8");
        let service = service_on(&data, &settings);
        let [own, other] = keys.each_ref().map(signer);
        Self { folder, data, service, own, other, reader: signer(&reader) }
    }

    fn fetch(&self, method: &str, target: &str) -> RawResponse {
        self.service.fetch(method, target, &self.own.v2(method, target, ""))
    }

    fn put(&self, name: &str) -> Envelope {
        Envelope::of(&self.fetch("PUT", &format!("{STATEMENTS}/{name}")))
    }

    fn get(&self, target: &str) -> Envelope {
        Envelope::of(&self.fetch("GET", target))
    }

    fn download(&self, method: &str, target: &str, headers: &str) -> Download {
        let headers = format!("{headers}{}", self.own.v2(method, target, ""));
        OpenDownload::start(&self.service, method, target, &headers).finish()
    }

    fn files(&self, name: &str) -> [Download; 4] {
        FILES.map(|file| self.download("GET", &format!("{STATEMENTS}/{name}/{file}"), ""))
    }

    fn keys(&self) -> Vec<PublicKey> {
        let keys = self.get("/statement-keys").data["data"].clone();
        let keys = keys.as_array().unwrap().iter();
        keys.map(|key| public_key_from_pem(key["publicKey"].as_str().unwrap()).unwrap()).collect()
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_made_once_and_what_is_downloaded_of_it_verifies_whatever_is_recorded_later() {
    let signing = Signing::new().await;
    let made = signing.fetch("PUT", &format!("{STATEMENTS}/2026-11"));
    assert_eq!((made.status, made.header("location")), (201, Some(format!("{STATEMENTS}/2026-11").as_str())));
    let data = Envelope::of(&made).data;
    let [document, signature, rows, compressed] = signing.files("2026-11");
    let verified = verify(&document.body, &signature.body, &signing.keys(), rows.body.as_slice()).unwrap();
    let sums = |key: &str| {
        json!({ "taskNum": 300, "instanceNum": data[key]["instanceNum"],
        "attributeNum": data[key]["attributeNum"], "frameNum": data[key]["frameNum"] })
    };
    let expected = json!({
        "annotationRequestId": "a", "campaignId": "1001", "countingRule": null, "name": "2026-11", "number": 1,
        "revision": verified.envelope.revision, "createdAt": data["createdAt"], "keyId": signing.keys()[0].id.as_str(),
        "actor": "ak-1", "sha256": sha256(&document.body),
        "rows": { "sha256": sha256(&rows.body), "bytes": rows.body.len(), "tasks": 300 },
        "previous": null, "total": sums("total"), "delivered": sums("delivered"),
    });
    assert_eq!(data, expected);
    assert_eq!(zstd::decode_all(compressed.body.as_slice()).unwrap(), rows.body);

    record(&signing.data.database, (1..=400).map(|id| task("a", id).frames(7))).await;
    let again = signing.put("2026-11");
    assert_eq!((again.status, &again.data), (200, &data));
    assert_eq!(signing.get(&format!("{STATEMENTS}/2026-11")).data, data);
    let later = signing.files("2026-11").map(|file| file.body);
    assert_eq!(later, [document, signature, rows, compressed].map(|file| file.body));
    let next = signing.put("2026-12").data;
    assert_eq!(next["previous"], json!({ "number": 1, "sha256": data["sha256"] }));
    assert_eq!(next["rows"]["tasks"], 400);
    let listed = signing.get(&format!("{STATEMENTS}?limit=1")).data;
    assert_eq!((&listed["data"][0]["name"], &listed["next"]), (&json!("2026-12"), &json!(2)));
    let listed = signing.get(&format!("{STATEMENTS}?limit=1&before=2")).data;
    assert_eq!((&listed["data"][0]["name"], &listed["next"]), (&json!("2026-11"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_file_has_the_same_head_however_it_is_requested_and_is_sent_once() {
    let signing = Signing::new().await;
    signing.put("2026-11");
    for (file, got) in FILES.into_iter().zip(signing.files("2026-11")) {
        let target = format!("{STATEMENTS}/2026-11/{file}");
        assert!(got.is_whole, "{file}");
        let length = (file != "rows.jsonl.zst").then(|| got.body.len().to_string());
        assert_eq!(got.header("content-length"), length.as_deref(), "{file}");
        let opened = OpenDownload::start(&signing.service, "HEAD", &target, &signing.own.v2("HEAD", &target, ""));
        let head = opened.head();
        for name in ["etag", "repr-digest", "content-length", "content-type", "content-disposition", "cache-control"] {
            assert_eq!(head.header(name), got.header(name), "{file} {name}");
        }
        assert_eq!(head.status, 200, "{file}");
        let known = format!("If-None-Match: {}\r\n", got.header("etag").unwrap());
        let headers = format!("{known}{}", signing.own.v2("GET", &target, ""));
        let unchanged = signing.service.fetch("GET", &target, &headers);
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{file}");
        let part = signing.download("GET", &target, "Range: bytes=0-9\r\nAccept-Encoding: gzip\r\n");
        assert_eq!((part.status, part.body == got.body), (200, true), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_make_one_statement_at_the_same_time_one_makes_it() {
    let signing = Signing::new().await;
    let made: Vec<Envelope> = thread::scope(|scope| {
        let makers: Vec<_> = (0..4).map(|_| scope.spawn(|| signing.put("2026-11"))).collect();
        makers.into_iter().map(|maker| maker.join().unwrap()).collect()
    });
    let mut statuses: Vec<u16> = made.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 201]);
    assert!(made.iter().all(|response| response.data == made[0].data));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_a_request_sees_no_statement_of_it_and_who_only_reads_makes_none() {
    let signing = Signing::new().await;
    signing.put("2026-11");
    let base = format!("{STATEMENTS}/2026-11");
    let targets = FILES.map(|file| format!("{base}/{file}")).into_iter().chain([base.clone(), STATEMENTS.to_owned()]);
    let reads = targets.map(|target| ("GET", target));
    for (method, target) in reads.chain([("PUT", base.clone()), ("PUT", format!("{STATEMENTS}/new"))]) {
        let response = signing.service.fetch(method, &target, &signing.other.v2(method, &target, ""));
        assert_eq!(Envelope::of(&response).verdict(), UNKNOWN, "{method} {target}");
    }
    let reader = &signing.reader;
    let refused = signing.service.fetch("PUT", &base, &reader.v2("PUT", &base, ""));
    assert_eq!(Envelope::of(&refused).verdict(), (401, 402, "Authentication Failed"));
    assert_eq!(signing.service.fetch("GET", &base, &reader.v2("GET", &base, "")).status, 200);
    assert_eq!(signing.service.fetch("GET", &base, "").status, 401);
    assert_eq!(signing.service.fetch("GET", "/statement-keys", "").status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_stays_and_its_request_with_it() {
    let signing = Signing::new().await;
    signing.put("2026-11");
    let target = format!("{STATEMENTS}/2026-11");
    for method in ["DELETE", "POST", "PATCH"] {
        let refused = signing.fetch(method, &target);
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, PUT")), "{method}");
    }
    let refused = Envelope::of(&signing.fetch("DELETE", "/annotation-requests/a"));
    let why = "Conflict: annotation request `a` has 1 statement, and cannot be deleted";
    assert_eq!(refused.verdict(), (409, 409, why));
    let missing = signing.get(&format!("{STATEMENTS}/2026-10/rows.jsonl"));
    let why = "Not Found: annotation request `a` has no statement `2026-10`";
    assert_eq!(missing.verdict(), (404, 404, why));
    let long = "n".repeat(65);
    for name in ["..", ".hidden", "..%2F..", "a%2Fb", "a%5Cb", "a%0Ab", "a%00", "n%C3%A9", "a%20b", "%25", &long] {
        for method in ["PUT", "GET"] {
            let refused = Envelope::of(&signing.fetch(method, &format!("{STATEMENTS}/{name}")));
            assert_eq!((refused.status, refused.code), (400, 4005), "{method} {name}");
        }
    }
    let target = format!("{STATEMENTS}/2026-11");
    let headers = format!("If-None-Match: *\r\n{}", signing.own.v2("PUT", &target, ""));
    let refused = Envelope::of(&signing.service.fetch("PUT", &target, &headers));
    assert_eq!(refused.verdict(), (412, 412, "Precondition Failed: there is a statement of this name"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_read_for_each_statement_and_without_one_that_is_good_none_is_made() {
    let signing = Signing::new().await;
    let file = signing.folder.path().join("key.pem");
    let first = signing.keys();
    assert_eq!(signing.get("/statement-keys").data["data"][0]["createdAt"], Value::Null, "it has signed nothing");
    assert_eq!(signing.put("1").status, 201);
    fs::remove_file(&file).unwrap();
    assert_eq!(signing.put("2").verdict(), UNSIGNED);
    assert_eq!(signing.put("1").status, 200, "what is there needs no key");
    SigningKeyFile::new(&file).create().unwrap();
    assert_eq!(signing.put("2").status, 201);
    let [old, new] = signing.keys().try_into().unwrap();
    assert_eq!((&old, old == new), (&first[0], false));
    let target = format!("/statement-keys/{}.pem", old.id);
    assert_eq!(public_key_from_pem(signing.download("GET", &target, "").text()).unwrap(), old);

    let database = signing.data.database.database();
    let repository = PostgresStatementRepository::new(database.clone(), database);
    repository.retire_key(&new.id).await.unwrap();
    let refused = signing.fetch("PUT", &format!("{STATEMENTS}/3"));
    assert_eq!((Envelope::of(&refused).verdict(), refused.header("retry-after")), (UNSIGNED, Some("1")));
    let keys = signing.get("/statement-keys").data["data"].clone();
    assert!(keys[0]["retiredAt"].is_null() && keys[1]["retiredAt"].is_string(), "{keys}");
}
