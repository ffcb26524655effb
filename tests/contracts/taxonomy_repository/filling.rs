//! Taxonomies that are filled in with what annotation files list.

use super::{ALL, find, full, id, kept, replace};
use annotation_statistics_domain::{
    ItemLabel, KeptTaxonomy, Operator, OperatorKind, Precondition, Taxonomy, TaxonomyFilling, TaxonomySource,
};
use annotation_statistics_tests::{Implementation, limited, operator, record, register, statistics_of, task, taxonomy};

async fn fill(data: &impl Implementation, name: &str, found: &[Operator]) -> TaxonomyFilling {
    data.taxonomies().fill(&id(name), found.to_vec()).await.unwrap()
}

/// What is filled in is what a file lists, and orders nothing.
fn filled_in(operators: Vec<Operator>) -> Taxonomy {
    Taxonomy::new(operators, Some(Vec::new())).unwrap()
}

fn added(added: usize) -> TaxonomyFilling {
    TaxonomyFilling::Filled { added, left_out: 0 }
}

/// `fill` MUST add the operators that the request lacks at the end of what was filled in before, in their order, leave those
/// that it has as they are, and order none.
pub(super) async fn obligation_12(data: &impl Implementation) {
    for name in ["a", "other"] {
        register(data, name, None).await;
    }
    let first = [limited("zebra", Some(1), Some(2)), operator("car"), operator("car/size")];
    assert_eq!(fill(data, "a", &first).await, added(3));
    let other_car = Operator { label: ItemLabel::new("Auto").unwrap(), kind: OperatorKind::Input, ..operator("car") };
    let second = [operator("bus"), other_car, operator("car/color"), operator("zebra")];
    let second = [&second[..], &[Operator { label: operator("bus").label, ..operator("ant") }]].concat();
    let orphan = operator("tree/leaf");
    assert_eq!(
        fill(data, "a", &[second, vec![orphan]].concat()).await,
        TaxonomyFilling::Filled { added: 3, left_out: 1 },
        "what belongs to nothing cannot be there"
    );
    let ant = Operator { label: ItemLabel::new("ant").unwrap(), ..operator("ant") };
    let expected = [&first[..], &[operator("bus"), operator("car/color"), ant]].concat();
    let found = find(data, "a").await;
    assert_eq!((found.taxonomy, found.source), (filled_in(expected), Some(TaxonomySource::Import)));
    assert_eq!(find(data, "other").await.taxonomy, Taxonomy::default());
    data.registry().delete(&id("a"), ALL, Precondition::None).await.unwrap();
    register(data, "a", None).await;
    assert_eq!(find(data, "a").await.source, None, "of a request that is known again");
}

/// `fill` MUST leave a taxonomy that was stated as it is, and `replace` MUST leave nothing of one that was filled in, not its
/// source either where the operators are the same.
pub(super) async fn obligation_13(data: &impl Implementation) {
    register(data, "a", None).await;
    let stated = replace(data, "a", &full()).await;
    assert_eq!(fill(data, "a", &[operator("tree")]).await, TaxonomyFilling::Stated);
    assert_eq!(fill(data, "a", &[]).await, TaxonomyFilling::Stated);
    assert_eq!(find(data, "a").await, stated);
    replace(data, "a", &Taxonomy::default()).await;
    assert_eq!(fill(data, "a", &[operator("tree")]).await, added(1), "what was stated is removed");
    let found = find(data, "a").await;
    let same = filled_in(vec![operator("tree")]);
    assert_eq!((&found.taxonomy, found.source), (&same, Some(TaxonomySource::Import)));
    let stated = replace(data, "a", &same).await;
    assert!(stated.revision > found.revision, "{stated:?}");
    assert_eq!((find(data, "a").await, &stated), (stated.clone(), &kept(same, stated.revision)));
    fill(data, "a", &[operator("bus")]).await;
    assert_eq!(find(data, "a").await, stated);
    replace(data, "a", &Taxonomy::default()).await;
    fill(data, "a", &[operator("tree")]).await;
    let other = replace(data, "a", &full()).await;
    assert_eq!(find(data, "a").await, kept(full(), other.revision));
}

/// `fill` that adds an operator MUST give the request a later revision, and one that adds none MUST change nothing, not the
/// revision either.
pub(super) async fn obligation_14(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    let first = find(data, "a").await.revision;
    assert_eq!(fill(data, "a", &[]).await, added(0));
    assert_eq!(find(data, "a").await, kept(Taxonomy::default(), first));
    fill(data, "a", &[operator("car")]).await;
    let filled = data.registry().find(&id("a"), ALL).await.unwrap();
    assert!(filled.revision > first, "{filled:?}");
    assert_eq!((find(data, "a").await.revision, filled.task_count), (filled.revision, 1));
    assert_eq!(statistics_of(data, &["a"]).await.revisions, [filled.revision]);
    assert_eq!(fill(data, "a", &[operator("car")]).await, added(0));
    assert_eq!(data.registry().find(&id("a"), ALL).await.unwrap(), filled);
}

/// `fill` beyond the most operators MUST change nothing.
pub(super) async fn obligation_15(data: &impl Implementation) {
    register(data, "a", None).await;
    let many: Vec<_> = (0..=Taxonomy::MAX_OPERATORS).map(|number| operator(&format!("{number:0255}"))).collect();
    let before = find(data, "a").await;
    assert_eq!(fill(data, "a", &many).await, TaxonomyFilling::TooMany);
    assert_eq!(find(data, "a").await, before);
    assert_eq!(fill(data, "a", &many[1..]).await, added(Taxonomy::MAX_OPERATORS), "the most");
    let full = find(data, "a").await;
    assert_eq!(fill(data, "a", &many).await, TaxonomyFilling::TooMany);
    assert_eq!(find(data, "a").await, full);
}

/// Taxonomies filled in and replaced at once MUST NOT lose an operator that was added to what was not stated, or change one
/// that was stated, and MUST NOT deadlock.
pub(super) async fn obligation_16(data: &impl Implementation) {
    const ROUNDS: usize = 10;
    register(data, "filled", None).await;
    register(data, "stated", None).await;
    let mut writers = Vec::new();
    for writer in 0..3 {
        let (taxonomies, recorder) = (data.taxonomies(), data.recorder());
        writers.push(tokio::spawn(async move {
            for round in 0..ROUNDS {
                let found = vec![operator("all"), operator(&format!("{writer} {round}"))];
                let filled = taxonomies.fill(&id("filled"), found.clone()).await.unwrap();
                assert!(matches!(filled, TaxonomyFilling::Filled { added: 1 | 2, left_out: 0 }), "{filled:?}");
                taxonomies.fill(&id("stated"), found).await.unwrap();
                let task = task("filled", writer).frames(u32::try_from(round).unwrap());
                recorder.record(annotation_statistics_tests::stream([task]), Precondition::None).await.unwrap();
            }
        }));
    }
    let mut stated: Option<KeptTaxonomy> = None;
    for round in 0..ROUNDS {
        let given = taxonomy([operator(&format!("stated {round}"))]);
        stated = Some(replace(data, "stated", &given).await);
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(Some(find(data, "stated").await), stated);
    assert_eq!(find(data, "filled").await.taxonomy.operators().len(), 1 + 3 * ROUNDS);
}
