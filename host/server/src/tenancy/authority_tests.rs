use super::*;
use cartwright_outside::ManualClock;
use cartwright_store::Token;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A store of tokens that can be down.
#[derive(Default)]
struct Tokens {
    all: Mutex<HashMap<String, TokenProof>>,
    asked: AtomicUsize,
    down: Mutex<bool>,
}

impl Proofs for &Tokens {
    async fn token_proof(&self, id: &str) -> Result<Option<TokenProof>, StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        if *self.down.lock().unwrap() {
            return Err(StoreError::Unavailable { why: "it is down".into(), remedy: "start it" });
        }
        Ok(self.all.lock().unwrap().get(id).cloned())
    }
}

impl Tokens {
    fn add(&self, kind: TokenKind, shop: Option<&str>, expires: Option<i64>) -> (String, String) {
        let Issued { new, text } = issue(kind, shop, "a test's", expires, None);
        let id = new.id.expect("issued with one");
        let (label, shop) = (new.label, new.shop);
        let token = Token { id: id.clone(), kind, shop, label, created: 0, expires, revoked: None };
        let proof = TokenProof { token, hash: new.hash, before: None };
        self.all.lock().unwrap().insert(id.clone(), proof);
        (id, text)
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut TokenProof)) {
        change(self.all.lock().unwrap().get_mut(id).unwrap());
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn authority(tokens: &Tokens) -> (Authority<&Tokens>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    (Authority::with_clock(tokens, clock.clone()), clock)
}

fn headers(text: &str) -> HeaderMap {
    let value = format!("Bearer {text}").parse().expect("a header");
    HeaderMap::from_iter([(header::AUTHORIZATION, value)])
}

async fn who(authority: &Authority<&Tokens>, text: &str) -> Result<Caller, Kind> {
    authority.authenticate(&headers(text)).await.map_err(|problem| problem.kind)
}

#[tokio::test]
async fn a_token_says_who_asks_and_what_that_allows() {
    let tokens = Tokens::default();
    let (authority, _) = authority(&tokens);
    let allowed = async |kind, shop| {
        let (_, text) = tokens.add(kind, shop, None);
        let caller = who(&authority, &text).await.expect("a good token");
        [caller.platform(), caller.admin_of("demo"), caller.checkout_of("demo"), caller.checkout_of("other")]
            .map(|allowed| allowed.map_err(|problem| assert_eq!(problem.kind, Kind::Forbidden)).is_ok())
    };
    assert_eq!(allowed(TokenKind::Platform, None).await, [true; 4]);
    assert_eq!(allowed(TokenKind::ShopAdmin, Some("demo")).await, [false, true, true, false]);
    assert_eq!(allowed(TokenKind::ShopCheckout, Some("demo")).await, [false, false, true, false]);
}

#[tokio::test]
async fn what_is_no_good_token_is_nobody_and_does_not_say_why_to_strangers() {
    let tokens = Tokens::default();
    let (authority, _) = authority(&tokens);
    let (id, text) = tokens.add(TokenKind::ShopAdmin, Some("demo"), None);
    let nobody = Err(Kind::Unauthenticated);
    let stranger = renew(TokenKind::ShopAdmin, &id).text;
    assert_eq!(who(&authority, &stranger).await, nobody, "another secret");
    assert_eq!(who(&authority, &text.replace("_admin_", "_platform_")).await, nobody, "another kind");
    assert_eq!(who(&authority, &issue(TokenKind::Platform, None, "", None, None).text).await, nobody, "another id");
    tokens.change(&id, |proof| proof.token.revoked = Some(1));
    authority.changed(Some(&id));
    let detail = async |text: &str| authority.authenticate(&headers(text)).await.expect_err("revoked").detail;
    assert!(detail(&text).await.contains("revoked"));
    assert!(!detail(&stranger).await.contains("revoked"), "only who has the secret learns it");

    let problem = async |headers: HeaderMap| authority.authenticate(&headers).await.expect_err("no token").kind;
    assert_eq!(problem(HeaderMap::new()).await, Kind::Unauthenticated);
    for value in ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer cw_", &format!("Token {text}")] {
        assert_eq!(
            problem(HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])).await,
            Kind::Unauthenticated
        );
    }
    let mut two = headers(&text);
    two.append(header::AUTHORIZATION, "Bearer x".parse().unwrap());
    assert_eq!(problem(two).await, Kind::Unauthenticated);
}

#[tokio::test]
async fn an_expired_token_is_nobody() {
    let tokens = Tokens::default();
    let (authority, _) = authority(&tokens);
    let (_, past) = tokens.add(TokenKind::Platform, None, Some(now_utc() - 1));
    let (_, future) = tokens.add(TokenKind::Platform, None, Some(now_utc() + 1000));
    assert_eq!(who(&authority, &past).await, Err(Kind::Unauthenticated));
    assert!(who(&authority, &future).await.is_ok());
}

#[tokio::test]
async fn after_a_rotation_both_secrets_work_until_the_overlap_is_over() {
    let tokens = Tokens::default();
    let (authority, _) = authority(&tokens);
    let (id, old) = tokens.add(TokenKind::ShopCheckout, Some("demo"), None);
    let new = renew(TokenKind::ShopCheckout, &id);
    let rotate = |until| {
        tokens.change(&id, |proof| {
            proof.before = Some((Shown::read(&old).unwrap().hash.to_vec(), until));
            proof.hash.clone_from(&new.hash);
        });
        authority.changed(Some(&id));
    };
    rotate(now_utc() + 1000);
    assert!(who(&authority, &old).await.is_ok() && who(&authority, &new.text).await.is_ok());
    rotate(now_utc());
    assert_eq!(who(&authority, &old).await, Err(Kind::Unauthenticated));
    assert!(who(&authority, &new.text).await.is_ok());
}

#[tokio::test]
async fn a_known_token_costs_the_store_nothing_until_it_is_old_or_changed() {
    let tokens = Tokens::default();
    let (authority, clock) = authority(&tokens);
    let (id, text) = tokens.add(TokenKind::Platform, None, None);
    for _ in 0..100 {
        assert!(who(&authority, &text).await.is_ok());
    }
    assert_eq!(tokens.asked(), 1);
    clock.advance(FRESH);
    assert!(who(&authority, &text).await.is_ok());
    assert_eq!(tokens.asked(), 2, "half a minute later");

    tokens.change(&id, |proof| proof.token.revoked = Some(1));
    authority.changed(None);
    assert_eq!(who(&authority, &text).await, Err(Kind::Unauthenticated), "at once");
}

#[tokio::test]
async fn an_unknown_token_is_looked_up_again_after_five_seconds() {
    let tokens = Tokens::default();
    let (authority, clock) = authority(&tokens);
    let (id, text) = tokens.add(TokenKind::Platform, None, None);
    let proof = tokens.all.lock().unwrap().remove(&id).unwrap();
    for _ in 0..10 {
        assert_eq!(who(&authority, &text).await, Err(Kind::Unauthenticated));
    }
    assert_eq!(tokens.asked(), 1);
    tokens.all.lock().unwrap().insert(id.clone(), proof);
    clock.advance(MISSING);
    assert!(who(&authority, &text).await.is_ok());
}

#[tokio::test]
async fn without_the_store_known_tokens_work_for_an_hour_and_nobody_waits_for_it() {
    let tokens = Tokens::default();
    let (authority, clock) = authority(&tokens);
    let (id, text) = tokens.add(TokenKind::ShopCheckout, Some("demo"), None);
    let (_, stranger) = tokens.add(TokenKind::ShopCheckout, Some("demo"), None);
    assert!(who(&authority, &text).await.is_ok());
    *tokens.down.lock().unwrap() = true;
    let asked = tokens.asked();
    for _ in 0..30 {
        clock.advance(Duration::from_mins(1));
        for _ in 0..10 {
            assert!(who(&authority, &text).await.is_ok());
        }
    }
    assert_eq!(tokens.asked() - asked, 30, "one in ten asks whether the store is back");
    assert_eq!(who(&authority, &stranger).await, Err(Kind::Unavailable));
    clock.advance(WITHOUT_STORE);
    assert_eq!(who(&authority, &text).await, Err(Kind::Unavailable), "an hour after it was last seen");

    *tokens.down.lock().unwrap() = false;
    tokens.change(&id, |proof| proof.token.revoked = Some(1));
    clock.advance(PAUSE);
    assert_eq!(who(&authority, &text).await, Err(Kind::Unauthenticated), "what happened meanwhile is known");
    assert!(who(&authority, &stranger).await.is_ok());
}

#[tokio::test]
async fn many_that_come_at_once_cost_one_look_up() {
    let tokens = Tokens::default();
    let (authority, _) = authority(&tokens);
    let (_, text) = tokens.add(TokenKind::Platform, None, None);
    let authority = &authority;
    let asks: Vec<_> = (0..200).map(|_| Box::pin(who(authority, &text))).collect();
    for ask in join(asks).await {
        assert!(ask.is_ok());
    }
    assert!(tokens.asked() <= LOOK_UPS, "{}", tokens.asked());
}

/// Polls all of them, in turns, until all are done.
async fn join<F: Future + Unpin>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, output) in &mut futures {
            if let Some(running) = future
                && let std::task::Poll::Ready(ready) = std::pin::Pin::new(running).poll(context)
            {
                (*future, *output) = (None, Some(ready));
            }
        }
        if futures.iter().all(|(_, output)| output.is_some()) {
            std::task::Poll::Ready(futures.iter_mut().filter_map(|(_, output)| output.take()).collect())
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}

#[tokio::test]
async fn a_flood_of_invented_tokens_fills_no_memory_and_drives_no_known_one_out() {
    let tokens = Tokens::default();
    let (authority, _) = authority(&tokens);
    let (_, text) = tokens.add(TokenKind::Platform, None, None);
    assert!(who(&authority, &text).await.is_ok());
    let invented = issue(TokenKind::Platform, None, "", None, None).text;
    // A secret may hold the sign that parts id and secret.
    let secret = invented.splitn(4, '_').nth(3).unwrap();
    for number in 0..30_000u128 {
        let id = uuid::Uuid::from_u128(number);
        assert_eq!(who(&authority, &format!("cw_platform_{id}_{secret}")).await, Err(Kind::Unauthenticated));
    }
    let known = authority.known();
    assert!(known.missing.len() <= MOST_MISSING, "{}", known.missing.len());
    assert_eq!(known.found.len(), 1);
}
