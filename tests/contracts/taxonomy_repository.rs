//! Holds implementations of the `TaxonomyRepository` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, ItemLabel, KeptTaxonomy, Operator, OperatorKind, Precondition,
    RegistryError, Revision, TaskId, Taxonomy, TaxonomySource,
};
use annotation_statistics_tests::{
    Implementation, held_to, limited, operator, record, register, statistics_of, task, taxonomy,
};
use std::time::Instant;

mod conformance;
mod filling;
use conformance::{obligation_09, obligation_10};
use filling::{obligation_12, obligation_13, obligation_14, obligation_15, obligation_16};

held_to! { "taxonomy_repository",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_14 obligation_15 obligation_16
    , postgres only:
}

const ALL: &CampaignScope = &CampaignScope::All;

fn id(name: &str) -> AnnotationRequestId {
    AnnotationRequestId::new(name).unwrap()
}

async fn replace(data: &impl Implementation, name: &str, taxonomy: &Taxonomy) -> KeptTaxonomy {
    data.taxonomies().replace(&id(name), taxonomy.clone(), ALL, Precondition::None).await.unwrap()
}

async fn find(data: &impl Implementation, name: &str) -> KeptTaxonomy {
    data.taxonomies().find(&id(name), ALL).await.unwrap()
}

/// A stated taxonomy; an empty one is from nowhere.
fn kept(taxonomy: Taxonomy, revision: Revision) -> KeptTaxonomy {
    let source = (!taxonomy.is_empty()).then_some(TaxonomySource::Stated);
    KeptTaxonomy { taxonomy, source, revision }
}

/// With all that an operator may have, in no order of keys, and half of it ordered.
fn full() -> Taxonomy {
    let label = |text| ItemLabel::new(text).unwrap();
    let wheel = Operator { parent: Some(operator("car").key), kind: OperatorKind::SlotChildren, ..operator("wheel") };
    let operators = vec![
        limited("zebra", Some(1), Some(i32::MAX.unsigned_abs())),
        Operator { export_label: Some(label("vehicle.car")), required: true, ..limited("car", Some(2), None) },
        wheel,
        Operator { label: label("Größe"), ..limited("car/size", None, Some(0)) },
        operator("bus"),
    ];
    Taxonomy::new(operators, Some(vec![operator("wheel").key, operator("bus").key])).unwrap()
}

/// `find` MUST return the taxonomy as the last finished `replace` left it, to the order of its operators, and an empty one
/// where there was none.
async fn obligation_01(data: &impl Implementation) {
    let registered = register(data, "a", None).await;
    assert_eq!(find(data, "a").await, kept(Taxonomy::default(), registered.revision));
    let kept = replace(data, "a", &full()).await;
    assert_eq!(kept.taxonomy, full());
    assert_eq!(find(data, "a").await, kept);
    let many = taxonomy((0..Taxonomy::MAX_OPERATORS).rev().map(|number| operator(&format!("{number:0255}"))));
    let kept = replace(data, "a", &many).await;
    assert_eq!((&kept.taxonomy, find(data, "a").await), (&many, kept.clone()), "the largest one");
}

/// `replace` by another taxonomy MUST leave nothing of the one before, and give the request a later revision, which every
/// port returns.
async fn obligation_02(data: &impl Implementation) {
    record(data, [task("a", 1), task("other", 1)]).await;
    let other = data.registry().find(&id("other"), ALL).await.unwrap();
    let mut last = find(data, "a").await.revision;
    for next in [full(), taxonomy([operator("bus")]), taxonomy([operator("car"), operator("bus")]), Taxonomy::default()]
    {
        let kept = replace(data, "a", &next).await;
        assert!(kept.revision > last, "{kept:?}");
        assert_eq!((find(data, "a").await, &kept.taxonomy), (kept.clone(), &next));
        let request = data.registry().find(&id("a"), ALL).await.unwrap();
        assert_eq!((request.revision, request.task_count), (kept.revision, 1));
        assert_eq!(statistics_of(data, &["a"]).await.revisions, [kept.revision]);
        last = kept.revision;
    }
    assert_eq!(data.registry().find(&id("other"), ALL).await.unwrap(), other);
}

/// `replace` by what is there MUST change nothing, not the revision either.
async fn obligation_03(data: &impl Implementation) {
    register(data, "a", None).await;
    for taxonomy in [Taxonomy::default(), full()] {
        let kept = replace(data, "a", &taxonomy).await;
        let request = data.registry().find(&id("a"), ALL).await.unwrap();
        assert_eq!(replace(data, "a", &taxonomy).await, kept);
        assert_eq!(data.registry().find(&id("a"), ALL).await.unwrap(), request);
    }
}

/// Whatever is recorded and deleted of tasks MUST leave the taxonomy as it is.
async fn obligation_04(data: &impl Implementation) {
    register(data, "a", None).await;
    replace(data, "a", &full()).await;
    record(data, [task("a", 1).instance_info(&[("bus", 2), ("unheard of", 7)], 9, 0), task("a", 2)]).await;
    record(data, [task("a", 1).frames(9)]).await;
    data.registry().delete_task(&id("a"), TaskId::from(2), ALL, Precondition::None).await.unwrap();
    let request = data.registry().find(&id("a"), ALL).await.unwrap();
    assert_eq!(find(data, "a").await, kept(full(), request.revision));
}

/// A request that was deleted and is known again MUST have an empty taxonomy.
async fn obligation_05(data: &impl Implementation) {
    for name in ["a", "b"] {
        register(data, name, None).await;
        replace(data, name, &full()).await;
    }
    data.registry().delete(&id("a"), ALL, Precondition::None).await.unwrap();
    register(data, "a", None).await;
    assert_eq!(find(data, "a").await.taxonomy, Taxonomy::default());
    assert_eq!(find(data, "b").await.taxonomy, full());
}

/// What is not there, or is of a campaign outside the scope, MUST fail with `UnknownAnnotationRequest`.
async fn obligation_06(data: &impl Implementation) {
    record(data, [task("ours", 1).campaign("ours"), task("theirs", 1).campaign("theirs")]).await;
    let ours = &CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    let (taxonomies, moved) = (data.taxonomies(), Precondition::Revision(vec![]));
    for (request, scope) in [("theirs", ours), ("missing", ours), ("missing", ALL)] {
        let request = id(request);
        for refused in [
            taxonomies.find(&request, scope).await.map(drop),
            taxonomies.find_conformance(&request, scope).await.map(drop),
            taxonomies.replace(&request, full(), scope, Precondition::None).await.map(drop),
            taxonomies.replace(&request, full(), scope, moved.clone()).await.map(drop),
        ] {
            let is_unknown = matches!(&refused, Err(RegistryError::UnknownAnnotationRequest(id)) if *id == request);
            assert!(is_unknown, "{refused:?}");
        }
    }
    let refused = taxonomies.fill(&id("missing"), full().operators().to_vec()).await;
    assert!(matches!(&refused, Err(RegistryError::UnknownAnnotationRequest(unknown)) if *unknown == id("missing")));
    taxonomies.replace(&id("ours"), full(), ours, Precondition::None).await.unwrap();
    assert_eq!(taxonomies.find(&id("ours"), ours).await.unwrap().taxonomy, full());
    assert_eq!(find(data, "theirs").await.taxonomy, Taxonomy::default());
}

/// Where a precondition does not hold, `replace` MUST fail with `PreconditionFailed` and leave everything as it was.
async fn obligation_07(data: &impl Implementation) {
    register(data, "a", None).await;
    let kept = replace(data, "a", &full()).await;
    let other = || taxonomy([operator("bus")]);
    for taxonomy in [other(), full()] {
        let moved = Precondition::Revision(vec![Revision::from(kept.revision.number() - 1)]);
        match data.taxonomies().replace(&id("a"), taxonomy, ALL, moved).await {
            Err(RegistryError::PreconditionFailed(error)) => assert_eq!(error.current, Some(kept.revision)),
            refused => panic!("{refused:?}"),
        }
    }
    assert_eq!(find(data, "a").await, kept);
    let holds = Precondition::Revision(vec![kept.revision]);
    let replaced = data.taxonomies().replace(&id("a"), other(), ALL, holds).await.unwrap();
    assert_eq!((find(data, "a").await, &replaced.taxonomy), (replaced.clone(), &other()));
}

/// Taxonomies replaced and read at once MUST each be one that was given, with its revision, and MUST NOT deadlock.
async fn obligation_08(data: &impl Implementation) {
    const ROUNDS: usize = 20;
    register(data, "a", None).await;
    let given = |writer: usize, round: usize| {
        taxonomy((0..=round).map(|number| operator(&format!("{writer} {round} {number}"))))
    };
    let mut done = Vec::new();
    for writer in 0..3 {
        let (taxonomies, recorder) = (data.taxonomies(), data.recorder());
        done.push(tokio::spawn(async move {
            let mut kept = Vec::new();
            for round in 0..ROUNDS {
                kept.push(taxonomies.replace(&id("a"), given(writer, round), ALL, Precondition::None).await.unwrap());
                let task = task("a", i64::try_from(writer).unwrap()).frames(u32::try_from(round).unwrap());
                recorder.record(annotation_statistics_tests::stream([task]), Precondition::None).await.unwrap();
            }
            kept
        }));
    }
    let mut read = Vec::new();
    for _ in 0..ROUNDS {
        read.push(find(data, "a").await.taxonomy);
    }
    let mut kept = Vec::new();
    for done in done {
        kept.extend(done.await.unwrap());
    }
    kept.sort_by_key(|kept| kept.revision);
    assert!(kept.windows(2).all(|pair| pair[0].revision < pair[1].revision), "each has one of its own");
    assert_eq!(find(data, "a").await.taxonomy, kept.last().unwrap().taxonomy);
    for read in read {
        assert!(read.is_empty() || kept.iter().any(|kept| kept.taxonomy == read), "{read:?}");
    }
}

/// Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
async fn obligation_11<I: Implementation>(data: &I) {
    register(data, "a", None).await;
    data.cut_off();
    let (taxonomies, started) = (data.taxonomies(), Instant::now());
    for refused in [
        taxonomies.find(&id("a"), ALL).await.map(drop),
        taxonomies.find_conformance(&id("a"), ALL).await.map(drop),
        taxonomies.replace(&id("a"), full(), ALL, Precondition::None).await.map(drop),
        taxonomies.fill(&id("a"), full().operators().to_vec()).await.map(drop),
    ] {
        assert!(matches!(refused, Err(RegistryError::Unavailable(_))), "{refused:?}");
    }
    assert!(started.elapsed() < I::TIME_LIMIT * 3, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(find(data, "a").await.taxonomy, Taxonomy::default(), "it heals by itself");
}
