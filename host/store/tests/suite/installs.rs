use crate::place::{Place, me, new_install, new_revision, new_shop, on_both, package, shop, three_drafts};
use cartwright_store::{
    Action, BreakerState, CandidateStage, ChangeKind, Install, NewInstall, NewRevision, Page, Stage, Store, StoreError,
};
use serde_json::json;

on_both! {
    of_two_activations_at_once_one_wins_and_the_other_is_stale,
    many_activations_at_once_without_a_version_leave_one_order,
    a_revision_goes_from_draft_over_shadow_and_canary_to_live,
    staging_another_candidate_replaces_the_one_there_is,
    a_rollback_goes_to_the_revision_before_and_not_back_again,
    staging_the_same_again_changes_nothing,
    what_cannot_be_staged_is_refused_with_a_reason,
    a_name_is_unique_on_its_hook_until_it_is_removed,
    an_install_made_twice_under_one_id_is_one,
    a_revision_made_twice_under_one_key_is_one,
    a_breaker_that_two_replicas_open_is_opened_once,
    everything_installed_is_read_with_its_revisions,
    settings_come_back_byte_for_byte,
    a_refused_mutation_leaves_nothing,
}

async fn actions(store: &Store, install: &Install) -> Vec<(Action, Option<i64>)> {
    let mut lines = store.history(&install.id, &Page::first(200)).await.unwrap().items;
    lines.reverse();
    let numbers: Vec<i64> = lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (1..=lines.len() as i64).collect::<Vec<_>>(), "a history has no gaps");
    lines.into_iter().map(|line| (line.action, line.revision)).collect()
}

fn live(revision: i64) -> Stage {
    Stage::Live { revision: Some(revision) }
}

async fn of_two_activations_at_once_one_wins_and_the_other_is_stale(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let install = three_drafts(&store).await;
    let (actor, seen) = (me(), Some(install.version));
    for _ in 0..5 {
        let seen = store.install(&install.id).await.unwrap().version.max(seen.unwrap());
        let now = store.install(&install.id).await.unwrap().live;
        let choices = [1, 2, 3].into_iter().filter(|number| Some(*number) != now).collect::<Vec<_>>();
        let (a, b) = tokio::join!(
            store.stage(&actor, &install.id, live(choices[0]), Some(seen), None),
            other.stage(&actor, &install.id, live(choices[1]), Some(seen), None),
        );
        let (won, lost) = match (a, b) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            both => panic!("{both:?}"),
        };
        assert!(matches!(lost, StoreError::Stale { expected, found, .. } if expected == seen && found == seen + 1));
        assert_eq!(store.install(&install.id).await.unwrap(), won);
    }
}

async fn many_activations_at_once_without_a_version_leave_one_order(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let (store, id) = (store.clone(), install.id.clone());
            tokio::spawn(async move { store.stage(&me(), &id, live(1 + number % 3), None, None).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let after = store.install(&install.id).await.unwrap();
    let activated: Vec<_> =
        actions(&store, &install).await.into_iter().filter(|(a, _)| *a == Action::Activated).map(|(_, r)| r).collect();
    assert_eq!(after.live, *activated.last().unwrap());
    assert_eq!(after.previous, *activated.iter().nth_back(1).unwrap(), "previous is what was live before");
    assert!(activated.windows(2).all(|two| two[0] != two[1]), "{activated:?}");
}

async fn a_revision_goes_from_draft_over_shadow_and_canary_to_live(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    assert_eq!((install.live, install.newest, &install.candidate), (None, 3, &None));
    let id = &install.id;
    store.stage(&me(), id, live(1), None, None).await.unwrap();
    let shadow = store.stage(&me(), id, Stage::Shadow { revision: None }, None, None).await.unwrap();
    let candidate = shadow.candidate.unwrap();
    assert_eq!((candidate.revision, candidate.stage, candidate.share), (3, CandidateStage::Shadow, 0));
    place.pass(60);
    let canary = store.stage(&me(), id, Stage::Canary { revision: None, share: 50 }, None, None).await.unwrap();
    let candidate = canary.candidate.unwrap();
    assert_eq!((candidate.revision, candidate.stage, candidate.share), (3, CandidateStage::Canary, 50));
    let after = store.stage(&me(), id, Stage::Live { revision: None }, None, Some("good")).await.unwrap();
    assert_eq!((after.live, after.previous, &after.candidate), (Some(3), Some(1), &None));
    let told = [
        (Action::Created, Some(1)),
        (Action::Drafted, Some(2)),
        (Action::Drafted, Some(3)),
        (Action::Activated, Some(1)),
        (Action::Shadow, Some(3)),
        (Action::Canary, Some(3)),
        (Action::Activated, Some(3)),
    ];
    assert_eq!(actions(&store, &install).await, told);
    let changes = store.changes(0, 100).await.unwrap().items;
    let of_install: Vec<_> =
        changes.iter().filter(|c| c.kind == ChangeKind::Install).filter_map(|c| c.action).collect();
    assert_eq!(of_install, told.map(|(action, _)| action), "the outbox tells the same");
    assert_eq!(store.history(id, &Page::first(1)).await.unwrap().items[0].why.as_deref(), Some("good"));
}

async fn staging_another_candidate_replaces_the_one_there_is(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let id = &install.id;
    store.stage(&me(), id, Stage::Shadow { revision: Some(2) }, None, None).await.unwrap();
    let after = store.stage(&me(), id, Stage::Canary { revision: Some(3), share: 10 }, None, None).await.unwrap();
    assert_eq!(after.candidate.unwrap().revision, 3);
    let told = actions(&store, &install).await;
    assert_eq!(told[3..], [(Action::Shadow, Some(2)), (Action::Withdrawn, Some(2)), (Action::Canary, Some(3))]);
    let after = store.stage(&me(), id, live(2), None, None).await.unwrap();
    assert_eq!((after.live, after.candidate), (Some(2), None), "what was tried against another live one is over");
    store.stage(&me(), id, Stage::Shadow { revision: Some(3) }, None, None).await.unwrap();
    let after = store.stage(&me(), id, live(2), None, None).await.unwrap();
    assert_eq!((after.live, after.previous, after.candidate), (Some(2), None, None));
    assert_eq!(actions(&store, &install).await.last(), Some(&(Action::Withdrawn, Some(3))));
}

async fn a_rollback_goes_to_the_revision_before_and_not_back_again(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let id = &install.id;
    assert!(matches!(store.rollback(&me(), id, None, None).await, Err(StoreError::Conflict { .. })));
    store.stage(&me(), id, live(1), None, None).await.unwrap();
    store.stage(&me(), id, live(2), None, None).await.unwrap();
    let staged = store.stage(&me(), id, Stage::Shadow { revision: Some(3) }, None, None).await.unwrap();
    assert!(matches!(store.rollback(&me(), id, Some(1), None).await, Err(StoreError::Stale { .. })));
    let after = store.rollback(&me(), id, Some(staged.version), Some("too dear")).await.unwrap();
    assert_eq!((after.live, after.previous, &after.candidate), (Some(1), None, &None));
    let told = actions(&store, &install).await;
    assert_eq!(told[6..], [(Action::Withdrawn, Some(3)), (Action::RolledBack, Some(1))]);
    assert!(matches!(store.rollback(&me(), id, None, None).await, Err(StoreError::Conflict { .. })));
}

async fn staging_the_same_again_changes_nothing(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    for stage in [live(1), Stage::Shadow { revision: Some(2) }, Stage::Canary { revision: Some(2), share: 5 }] {
        let first = store.stage(&me(), &install.id, stage, None, None).await.unwrap();
        let last_change = store.last_change().await.unwrap();
        assert_eq!(store.stage(&me(), &install.id, stage, None, None).await.unwrap(), first);
        assert_eq!(store.last_change().await.unwrap(), last_change);
    }
}

async fn what_cannot_be_staged_is_refused_with_a_reason(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let id = &install.id;
    store.stage(&me(), id, live(1), None, None).await.unwrap();
    let no = async |stage| store.stage(&me(), id, stage, None, None).await.unwrap_err();
    assert!(matches!(no(live(4)).await, StoreError::NotFound { what: "revision", .. }));
    assert!(matches!(no(live(0)).await, StoreError::NotFound { .. }));
    assert!(matches!(no(Stage::Shadow { revision: Some(1) }).await, StoreError::Conflict { .. }));
    assert!(matches!(no(Stage::Withdrawn).await, StoreError::Conflict { .. }));
    for share in [0, 1001, -1] {
        assert!(matches!(
            no(Stage::Canary { revision: None, share }).await,
            StoreError::Invalid { field: "share", .. }
        ));
    }
    let nobody = store.stage(&me(), "no such", live(1), None, None).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { what: "install", .. })));
}

async fn a_name_is_unique_on_its_hook_until_it_is_removed(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let taken = store.create_install(&me(), &new_install("s", "rates")).await.unwrap_err();
    assert!(matches!(&taken, StoreError::Conflict { there, .. } if there.contains(&install.id)), "{taken}");
    let elsewhere = NewInstall { hook: "order-routing".to_owned(), ..new_install("s", "rates") };
    let other = store.create_install(&me(), &elsewhere).await.unwrap().it;
    let both = store.install_of("s", "rates").await;
    assert!(matches!(both, Err(StoreError::Conflict { .. })), "two hooks have the name: {both:?}");
    store.remove_install(&me(), &other.id, Some(1), None).await.unwrap();
    assert_eq!(store.install_of("s", "rates").await.unwrap(), install);
    store.remove_install(&me(), &install.id, None, Some("not wanted")).await.unwrap();
    assert!(store.create_install(&me(), &new_install("s", "rates")).await.unwrap().created);
    let gone = store.stage(&me(), &install.id, live(1), None, None).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "what is removed is not staged");
    assert_eq!(actions(&store, &install).await.last().unwrap().0, Action::Removed, "and can still be read");
}

async fn an_install_made_twice_under_one_id_is_one(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    package(&store).await;
    let id = "019a0000-0000-7000-8000-000000000001".to_owned();
    let new = NewInstall { id: Some(id.clone()), ..new_install("s", "rates") };
    let first = store.create_install(&me(), &new).await.unwrap();
    let second = store.create_install(&me(), &new).await.unwrap();
    assert!(first.created && !second.created);
    assert_eq!((&first.it, &first.it.id), (&second.it, &id));
    let positions = [None, None, Some(-3), None].map(|position| (position, position.map_or("p", |_| "q")));
    let mut seen = Vec::new();
    for (number, (position, name)) in positions.into_iter().enumerate() {
        let new = NewInstall { position, ..new_install("s", &format!("{name}{number}")) };
        seen.push(store.create_install(&me(), &new).await.unwrap().it.position);
    }
    assert_eq!(seen, [1, 2, -3, 3], "behind those that are there");
    let order: Vec<i64> = store.installed("s").await.unwrap().iter().map(|i| i.install.position).collect();
    assert_eq!(order, [-3, 0, 1, 2, 3]);
}

async fn a_revision_made_twice_under_one_key_is_one(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let new = NewRevision { once: Some("key-1".to_owned()), ..new_revision("{\"a\":4}") };
    let first = store.add_revision(&me(), &install.id, &new, Some(install.version)).await.unwrap();
    // The version has moved on by the first call: the second still finds what it made.
    let second = store.add_revision(&me(), &install.id, &new, Some(install.version)).await.unwrap();
    assert!(first.created && !second.created);
    assert_eq!((first.it.head.number, &first.it), (4, &second.it));
    let heads = store.revisions(&install.id, &Page::first(3)).await.unwrap();
    assert_eq!(heads.items.iter().map(|head| head.number).collect::<Vec<_>>(), [4, 3, 2]);
    assert_eq!(store.revisions(&install.id, &Page::after(heads.next.unwrap(), 3)).await.unwrap().items[0].number, 1);
    let unknown = NewRevision { package_version: "9.9.9".to_owned(), ..new_revision("{}") };
    let refused = store.add_revision(&me(), &install.id, &unknown, None).await.unwrap_err();
    assert!(matches!(&refused, StoreError::NotFound { id, .. } if id == "rates 9.9.9"), "{refused}");
}

async fn a_breaker_that_two_replicas_open_is_opened_once(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let install = three_drafts(&store).await;
    let open = |until| BreakerState { opened: 1, until: Some(until), why: "half of the calls failed".to_owned() };
    let (actor, a, b) = (me(), open(30), open(31));
    let (a, b) = tokio::join!(
        store.set_breaker(&actor, &install.id, Some(&a), None),
        other.set_breaker(&actor, &install.id, Some(&b), None),
    );
    assert!(a.unwrap().1 != b.unwrap().1, "one is told that it was the first");
    assert!(store.set_breaker(&me(), &install.id, None, Some("it answers")).await.unwrap().1);
    assert!(!store.set_breaker(&me(), &install.id, None, None).await.unwrap().1);
    let told = actions(&store, &install).await;
    assert_eq!(told[3..], [(Action::BreakerOpened, None), (Action::BreakerClosed, None)]);
    assert_eq!(store.install(&install.id).await.unwrap().version, install.version, "nobody's edit became stale");
}

async fn everything_installed_is_read_with_its_revisions(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    store.stage(&me(), &install.id, live(2), None, None).await.unwrap();
    store.stage(&me(), &install.id, Stage::Shadow { revision: Some(3) }, None, None).await.unwrap();
    shop(&store, "t").await;
    let draft = store.create_install(&me(), &new_install("t", "rates")).await.unwrap().it;
    let gone = store.create_install(&me(), &new_install("t", "gone")).await.unwrap().it;
    store.remove_install(&me(), &gone.id, None, None).await.unwrap();
    let mut all = Vec::new();
    store.installs_all(|one| all.push(one)).await.unwrap();
    assert_eq!(all.iter().map(|one| &one.install.id).collect::<Vec<_>>(), [&install.id, &draft.id]);
    let (live, candidate) = (all[0].live.as_ref().unwrap(), all[0].candidate.as_ref().unwrap());
    assert_eq!((live.number, &live.digest[..], &live.settings_digest[..]), (2, "sha256:10", "sha256:of {\"a\":2}"));
    assert_eq!(candidate.number, 3);
    assert_eq!((&all[1].live, &all[1].candidate), (&None, &None));
    assert_eq!(store.installed("s").await.unwrap(), all[..1]);
    let listed = store.installs("t", Some("shipping-quote"), &Page::default()).await.unwrap();
    assert_eq!(listed.items, [draft]);
    assert!(store.installs("t", Some("order-routing"), &Page::default()).await.unwrap().items.is_empty());
}

async fn settings_come_back_byte_for_byte(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let settings =
        format!("{{ \"b\" : 1.0, \"a\":\"\u{e9}\\u00e9\u{1f4e6}\",\n \"rows\": [{}0] }}", "12345, ".repeat(300_000));
    let made = store.add_revision(&me(), &install.id, &new_revision(&settings), None).await.unwrap().it;
    assert!(store.revision(&install.id, made.head.number).await.unwrap().settings == settings);
    let policy = Some(json!({"automatic": true}));
    assert_eq!(store.set_policy(&me(), &install.id, policy.clone(), None).await.unwrap().policy, policy);
    assert_eq!(store.install(&install.id).await.unwrap().policy, policy);
    assert_eq!(store.set_position(&me(), &install.id, 7, None).await.unwrap().position, 7);
}

async fn a_refused_mutation_leaves_nothing(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    let before = (store.last_change().await.unwrap(), actions(&store, &install).await);
    let audit = store.audit(None, &Page::first(200)).await.unwrap();
    let _ = store.stage(&me(), &install.id, live(9), None, None).await.unwrap_err();
    let _ = store.stage(&me(), &install.id, live(1), Some(99), None).await.unwrap_err();
    let _ = store.create_install(&me(), &new_install("s", "rates")).await.unwrap_err();
    let unknown =
        NewInstall { revision: NewRevision { package: "no".into(), ..new_revision("") }, ..new_install("s", "x") };
    let _ = store.create_install(&me(), &unknown).await.unwrap_err();
    let _ = store.update_shop(&me(), &new_shop("s"), Some(99)).await.unwrap_err();
    assert_eq!((store.last_change().await.unwrap(), actions(&store, &install).await), before);
    assert_eq!(store.audit(None, &Page::first(200)).await.unwrap(), audit);
    assert_eq!(store.installs("s", None, &Page::default()).await.unwrap().items, [install]);
}
