use crate::test_support::{
    CONFORMANCE, REQUEST_ID, TAXONOMY, TestResponse, UNKNOWN, compact, get, known_request, ports, refusal, send,
    settings, state_of, uncalled, with_json,
};
use crate::{ApiState, Ports};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    Conformance, Count, ItemConformance, ItemLabel, KeptTaxonomy, MockAnnotationRequestRegistry,
    MockTaxonomyRepository, OperationItemKey, Operator, OperatorKind, OperatorType, Precondition, Quantity,
    RegistryError, Revision, Taxonomy, TaxonomySource, UnknownItem,
};
use std::sync::Arc;

const URL: &str = "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b/taxonomy";
const CONFORMANCE_URL: &str = "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b/conformance";
const REVISION: i64 = 1_744_122_000_000_000;

/// As the example of the documentation is sent.
const GIVEN: &str = r#"{
    "operators": [
        {
            "key": "car", "kind": "slot", "label": "Car", "exportLabel": "vehicle.car", "type": "rectangle",
            "required": true, "maxQuantity": 50,
            "children": [
                {"key": "wheel", "kind": "slotChildren", "label": "Wheel", "type": "point", "minQuantity": 0},
                {"key": "select-[e000f]", "kind": "input", "label": "Color", "type": "select", "exportLabel": null}
            ]
        },
        {"key": "weather", "kind": "input", "label": "Weather", "type": "select", "note": "unknown members are ignored"}
    ],
    "operatorKeys": ["weather", "car", "select-[e000f]"]
}"#;

fn key(name: &str) -> OperationItemKey {
    OperationItemKey::new(name).unwrap()
}

fn operator(name: &str, parent: Option<&str>, kind: OperatorKind, label: &str, operator_type: &str) -> Operator {
    Operator {
        key: key(name),
        parent: parent.map(key),
        kind,
        label: ItemLabel::new(label).unwrap(),
        export_label: None,
        operator_type: OperatorType::new(operator_type).unwrap(),
        required: false,
        quantity: Quantity::default(),
    }
}

fn agreed() -> Taxonomy {
    let count = |number: u32| Some(Count::from(number));
    let car = operator("car", None, OperatorKind::Slot, "Car", "rectangle");
    let wheel = operator("wheel", Some("car"), OperatorKind::SlotChildren, "Wheel", "point");
    let operators = vec![
        Operator {
            export_label: Some(ItemLabel::new("vehicle.car").unwrap()),
            required: true,
            quantity: Quantity::new(None, count(50)).unwrap(),
            ..car
        },
        Operator { quantity: Quantity::new(count(0), None).unwrap(), ..wheel },
        operator("select-[e000f]", Some("car"), OperatorKind::Input, "Color", "select"),
        operator("weather", None, OperatorKind::Input, "Weather", "select"),
    ];
    Taxonomy::new(operators, Some(["car", "select-[e000f]", "weather"].map(key).into())).unwrap()
}

fn kept() -> KeptTaxonomy {
    KeptTaxonomy { taxonomy: agreed(), source: Some(TaxonomySource::Stated), revision: Revision::from(REVISION) }
}

fn keeping(taxonomies: MockTaxonomyRepository) -> ApiState {
    state_of(Ports { taxonomies: Arc::new(taxonomies), ..ports() }, settings())
}

async fn put(body: &str) -> TestResponse {
    send(uncalled(), with_json(TestRequest::put(), URL, body)).await
}

#[actix_web::test]
async fn a_taxonomy_is_replaced_as_given_and_served_as_a_tree() {
    let mut taxonomies = MockTaxonomyRepository::new();
    taxonomies
        .expect_replace()
        .withf(|_, taxonomy, _, precondition| *taxonomy == agreed() && *precondition == Precondition::None)
        .times(1)
        .returning(|_, _, _, _| Ok(kept()));
    let response = send(keeping(taxonomies), with_json(TestRequest::put(), URL, GIVEN)).await;
    assert_eq!((response.status, response.text()), (200, compact(TAXONOMY).as_str()));
    assert_eq!(
        response.head(),
        format!(
            "cache-control: no-store\n\
             content-type: application/json\n\
             etag: \"{REVISION}\"\n\
             revision: {REVISION}\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
}

#[actix_web::test]
async fn what_is_served_can_be_sent_again() {
    let served: serde_json::Value = serde_json::from_str(TAXONOMY).unwrap();
    let mut taxonomies = MockTaxonomyRepository::new();
    let expected = Precondition::Revision(vec![Revision::from(7)]);
    taxonomies
        .expect_replace()
        .withf(move |_, taxonomy, _, precondition| *taxonomy == agreed() && *precondition == expected)
        .times(1)
        .returning(|_, _, _, _| Ok(kept()));
    let again = with_json(TestRequest::put(), URL, &served["data"].to_string()).insert_header(("If-Match", "\"7\""));
    assert_eq!(send(keeping(taxonomies), again).await.status, 200);
}

#[actix_web::test]
async fn all_operators_are_ordered_without_keys_and_none_at_all_removes_the_taxonomy() {
    for (body, operators, ordered) in [
        (GIVEN.replace("operatorKeys", "ignored"), 4, 4),
        (GIVEN.replace(r#"["weather", "car", "select-[e000f]"]"#, "null"), 4, 4),
        (GIVEN.replace(r#"["weather", "car", "select-[e000f]"]"#, "[]"), 4, 0),
        (r#"{"operators":[]}"#.to_owned(), 0, 0),
    ] {
        let mut taxonomies = MockTaxonomyRepository::new();
        taxonomies
            .expect_replace()
            .withf(move |_, taxonomy, _, _| {
                (taxonomy.operators().len(), taxonomy.whitelist().len()) == (operators, ordered)
            })
            .times(1)
            .returning(|_, taxonomy, _, _| Ok(KeptTaxonomy { taxonomy, source: None, revision: Revision::from(7) }));
        let response = send(keeping(taxonomies), with_json(TestRequest::put(), URL, &body)).await;
        assert_eq!(response.status, 200, "{body}: {}", response.text());
    }
}

#[actix_web::test]
async fn an_invalid_taxonomy_is_refused_with_its_place_and_the_reason() {
    let operator = |more: &str| format!(r#"{{"key":"a","kind":"slot","label":"A","type":"t"{more}}}"#);
    let operators = |operators: &str| format!(r#"{{"operators":[{operators}]}}"#);
    let child = |child: &str| operators(&operator(&format!(r#","children":[{child}]"#)));
    for (body, why) in [
        ("{}".to_owned(), "operators: is missing"),
        ("[]".to_owned(), "must be an object"),
        (operators(r#"{"key":"a"}"#), "operators[0].kind: is missing"),
        (
            operators(&operator("").replace("slot", "box")),
            "operators[0].kind: unknown variant `box`, expected one of `slot`, `input`, `slotChildren`",
        ),
        (operators(&operator("").replace(r#""A""#, r#""""#)), "operators[0].label: must not be empty"),
        (
            operators(&operator(r#","minQuantity":-1"#)),
            "operators[0].minQuantity: -1 is not a count: it must be at least 0",
        ),
        (
            child(&operator(r#","minQuantity":3,"maxQuantity":2"#)),
            "operators[0].children[0]: minQuantity is 3, more than maxQuantity, which is 2",
        ),
        (child(&operator("").replace("slot", "input")), "operators[0].children[0].key: the key `a` is given twice"),
        (
            operators(&format!("{},{}", operator(""), operator("").replace(r#""a""#, r#""b""#))),
            "operators[1].label: the label `A` is given twice",
        ),
        (
            child(&operator("").replace(r#""a""#, r#""b""#)),
            "operators[0].children[0].kind: is of kind slot, which cannot be a child of kind slot",
        ),
        (
            operators(&operator("")).replace("]}", r#"],"operatorKeys":["a","b"]}"#),
            "operatorKeys[1]: `b` is the key of no operator",
        ),
        (operators(&vec![operator(""); 1_001].join(",")), "operators[1000]: at most 1000 operators are allowed"),
    ] {
        let response = put(&body).await;
        let message = format!("Invalid parameter: the body: {why}");
        assert_eq!((response.status, response.text()), (400, refusal(4005, &message).as_str()));
    }
}

#[actix_web::test]
async fn a_taxonomy_and_how_tasks_conform_are_served_unless_the_client_has_them() {
    let conformance = || {
        let line = |operator: &Operator, tasks, below_min, above_max| ItemConformance {
            operator: operator.clone(),
            tasks,
            below_min,
            above_max,
        };
        let taxonomy = agreed();
        let [car, wheel, color, weather] = taxonomy.operators() else { unreachable!() };
        Conformance {
            revision: Revision::from(REVISION),
            tasks: 1930,
            items: vec![
                line(car, 1890, 40, 3),
                line(wheel, 700, 0, 0),
                line(color, 1930, 0, 0),
                line(weather, 0, 0, 0),
            ],
            unknown: vec![UnknownItem { key: key("bicycle"), tasks: 12 }],
            has_more_unknown: false,
        }
    };
    let state = move || {
        let (mut taxonomies, mut registry) = (MockTaxonomyRepository::new(), MockAnnotationRequestRegistry::new());
        taxonomies.expect_find().returning(|_, _| Ok(kept()));
        taxonomies.expect_find_conformance().returning(move |_, _| Ok(conformance()));
        registry.expect_find().returning(|id, _| Ok(known_request(id.as_str())));
        state_of(Ports { taxonomies: Arc::new(taxonomies), registry: Arc::new(registry), ..ports() }, settings())
    };
    for (url, example) in [(URL, TAXONOMY), (CONFORMANCE_URL, CONFORMANCE)] {
        let response = get(state(), url).await;
        assert_eq!((response.status, response.text()), (200, compact(example).as_str()));
        let tag = response.header("etag").unwrap();
        assert_eq!(tag, format!("\"{REVISION}\""));
        let unchanged = send(state(), TestRequest::get().uri(url).insert_header(("If-None-Match", tag))).await;
        assert_eq!((unchanged.status, unchanged.text(), unchanged.header("etag")), (304, "", Some(tag)));
    }
}

#[actix_web::test]
async fn an_unknown_request_is_reported_as_such() {
    let unknown = || {
        let unknown = |id: &_| {
            RegistryError::UnknownAnnotationRequest(annotation_statistics_domain::AnnotationRequestId::clone(id))
        };
        let (mut taxonomies, mut registry) = (MockTaxonomyRepository::new(), MockAnnotationRequestRegistry::new());
        taxonomies.expect_find().returning(move |id, _| Err(unknown(id)));
        taxonomies.expect_replace().returning(move |id, _, _, _| Err(unknown(id)));
        registry.expect_find().returning(move |id, _| Err(unknown(id)));
        state_of(Ports { taxonomies: Arc::new(taxonomies), registry: Arc::new(registry), ..ports() }, settings())
    };
    let given = with_json(TestRequest::put(), URL, GIVEN);
    for request in [given, TestRequest::get().uri(URL), TestRequest::get().uri(CONFORMANCE_URL)] {
        let response = send(unknown(), request).await;
        assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    }
}
