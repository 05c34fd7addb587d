//! Decision records: appended in batches, read by filter or by shard.

use crate::Result;
use crate::db::{Dialect, Lock, Store};
use crate::error::StoreError;
use crate::model::{Listed, Page, RecordFilter, RecordHead, RecordLog, Shard, ShardFilter, StoredRecord};
use crate::row::{Get as _, each};
use futures_util::TryStreamExt as _;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};
use std::fmt::Write as _;
use std::sync::LazyLock;

const COLUMNS: usize = 16;
/// Records of one statement: a round trip for each would be most of the cost with PostgreSQL.
const AT_ONCE: usize = 32;

static INSERT_MANY: LazyLock<String> = LazyLock::new(|| insert(AT_ONCE));
static INSERT_ONE: LazyLock<String> = LazyLock::new(|| insert(1));

const HEAD: &str =
    "seq, id, at_millis, shop, hook, stage, installs, plugins, fallback, fuel, micros, summary, request_id";

impl Store {
    /// Appends records, all or none. Those whose id is there already are left out, so that a batch may be repeated after an error.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn append_records(&self, records: &[StoredRecord]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        self.bounded(async {
            let mut tx = self.begin(Lock::Records).await?;
            let (many, few) = records.as_chunks::<AT_ONCE>();
            for chunk in many {
                let query = sqlx::query(AssertSqlSafe(INSERT_MANY.as_str()));
                chunk.iter().fold(query, bind).execute(tx.db()).await?;
            }
            for record in few {
                bind(sqlx::query(AssertSqlSafe(INSERT_ONE.as_str())), record).execute(tx.db()).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`]: also for one of another shop.
    pub async fn record(&self, shop: &str, id: &str) -> Result<StoredRecord> {
        self.bounded(async {
            let row = sqlx::query("SELECT * FROM records WHERE id = $1 AND shop = $2").bind(id).bind(shop);
            let row = row.fetch_optional(&mut *self.reader().await?).await?;
            record(&row.ok_or_else(|| StoreError::not_found("record", id))?)
        })
        .await
    }

    /// The newest first, without bodies.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn records(&self, filter: &RecordFilter, page: &Page) -> Result<Listed<RecordHead>> {
        let (rows, limit) = self.filtered(HEAD, "", filter, page).await?;
        Ok(Listed::of(each(&rows, head)?, limit, |head| head.seq.to_string()))
    }

    /// What plugins logged, the newest first: of records that have a log.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn record_logs(&self, filter: &RecordFilter, page: &Page) -> Result<Listed<RecordLog>> {
        const COLUMNS: &str = "seq, id, at_millis, hook, stage, installs, request_id, log";
        let (rows, limit) = self.filtered(COLUMNS, " AND log IS NOT NULL", filter, page).await?;
        let logs = each(&rows, |row| {
            Ok(RecordLog {
                seq: row.int("seq")?,
                id: row.text("id")?,
                at_millis: row.int("at_millis")?,
                hook: row.text("hook")?,
                stage: row.word("stage")?,
                installs: installs(row)?,
                request_id: row.text_or_none("request_id")?,
                log: row.text("log")?,
            })
        })?;
        Ok(Listed::of(logs, limit, |log| log.seq.to_string()))
    }

    async fn filtered(
        &self,
        columns: &str,
        more: &str,
        filter: &RecordFilter,
        page: &Page,
    ) -> Result<(Vec<AnyRow>, i64)> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let mut sql = format!("SELECT {columns} FROM records WHERE shop = $1 AND seq < $2");
            sql.push_str(more);
            let mut texts = Vec::new();
            let mut numbers = Vec::new();
            let install = filter.install.as_ref().map(|id| format!("% {} %", id.replace(['%', '_'], "")));
            for (value, test) in [
                (filter.hook.clone(), "hook ="),
                (filter.stage.map(|stage| stage.as_str().to_owned()), "stage ="),
                (install, "installs LIKE"),
            ] {
                if let Some(value) = value {
                    texts.push(value);
                    let _ = write!(sql, " AND {test} ${}", 2 + texts.len());
                }
            }
            for (value, test) in [(filter.since_millis, ">="), (filter.until_millis, "<")] {
                if let Some(value) = value {
                    numbers.push(value);
                    let _ = write!(sql, " AND at_millis {test} ${}", 2 + texts.len() + numbers.len());
                }
            }
            match filter.fallback {
                Some(true) => sql.push_str(" AND fallback IS NOT NULL"),
                Some(false) => sql.push_str(" AND fallback IS NULL"),
                None => {}
            }
            let _ = write!(sql, " ORDER BY seq DESC LIMIT ${}", 3 + texts.len() + numbers.len());
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(&filter.shop).bind(before);
            for text in texts {
                query = query.bind(text);
            }
            for number in numbers {
                query = query.bind(number);
            }
            let rows = query.bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            Ok((rows, limit))
        })
        .await
    }

    /// Cuts a shop's records of a hook into shards of `size`, the last one smaller. What is written afterwards is in none of them, so that
    /// a shard has the same records whenever it is read, until they are pruned.
    ///
    /// # Errors
    /// As every read; [`StoreError::Invalid`] for a size below 1.
    pub async fn shards(&self, filter: &ShardFilter, size: u32) -> Result<Vec<Shard>> {
        if size == 0 {
            return Err(StoreError::invalid("size", "0", "give 1 or more"));
        }
        self.bounded_long(async {
            if self.inner.dialect == Dialect::Postgres {
                self.begin(Lock::RecordsBarrier).await?.commit().await?;
            }
            let mut connection = self.reader().await?;
            let query = sqlx::query(
                "SELECT seq FROM records WHERE shop = $1 AND hook = $2 AND at_millis >= $3 AND at_millis < $4 \
                 AND ($5 = '' OR stage = $5) ORDER BY seq",
            );
            let mut rows = bind_shard(query, filter).fetch(&mut *connection);
            let mut shards: Vec<Shard> = Vec::new();
            while let Some(row) = rows.try_next().await? {
                let seq = row.int("seq")?;
                match shards.last_mut() {
                    Some(shard) if shard.count < i64::from(size) => {
                        shard.last = seq;
                        shard.count += 1;
                    }
                    _ => shards.push(Shard { first: seq, last: seq, count: 1 }),
                }
            }
            Ok(shards)
        })
        .await
    }

    /// Records of a shard with their sequence numbers, after one of these (or 0), in the order of writing.
    ///
    /// # Errors
    /// As every read.
    pub async fn shard_records(
        &self,
        filter: &ShardFilter,
        shard: &Shard,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, StoredRecord)>> {
        self.bounded(async {
            let query = sqlx::query(
                "SELECT * FROM records WHERE shop = $1 AND hook = $2 AND at_millis >= $3 AND at_millis < $4 \
                 AND ($5 = '' OR stage = $5) AND seq >= $6 AND seq <= $7 ORDER BY seq LIMIT $8",
            );
            let query = bind_shard(query, filter).bind(shard.first.max(after.saturating_add(1))).bind(shard.last);
            let rows = query.bind(i64::from(limit)).fetch_all(&mut *self.reader().await?).await?;
            each(&rows, |row| Ok((row.int("seq")?, record(row)?)))
        })
        .await
    }

    /// Lets go of at most `limit` records from before a time, of one shop or of all. Gives how many: as long as it is `limit`, there are more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune_records(&self, shop: Option<&str>, before_millis: i64, limit: u32) -> Result<u64> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::None).await?;
            let query = match shop {
                None => sqlx::query(
                    "DELETE FROM records WHERE seq IN \
                     (SELECT seq FROM records WHERE at_millis < $1 ORDER BY at_millis LIMIT $2)",
                ),
                Some(_) => sqlx::query(
                    "DELETE FROM records WHERE seq IN \
                     (SELECT seq FROM records WHERE shop = $3 AND at_millis < $1 ORDER BY seq LIMIT $2)",
                ),
            };
            let mut query = query.bind(before_millis).bind(i64::from(limit));
            if let Some(shop) = shop {
                query = query.bind(shop);
            }
            let gone = query.execute(tx.db()).await?.rows_affected();
            tx.commit().await?;
            Ok(gone)
        })
        .await
    }
}

fn insert(rows: usize) -> String {
    let mut sql =
        "INSERT INTO records (id, at_millis, shop, hook, stage, installs, plugins, fallback, fuel, micros, summary, \
                   request_id, form, log, sealed, body) VALUES "
            .to_owned();
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            let _ = write!(sql, "{}${}", if column == 1 { "" } else { ", " }, row * COLUMNS + column);
        }
        sql.push(')');
    }
    sql.push_str(" ON CONFLICT (id) DO NOTHING");
    sql
}

type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

fn bind<'q>(query: AnyQuery<'q>, record: &'q StoredRecord) -> AnyQuery<'q> {
    let mut installs = " ".to_owned();
    for id in &record.installs {
        installs.push_str(id);
        installs.push(' ');
    }
    query
        .bind(&record.id)
        .bind(record.at_millis)
        .bind(&record.shop)
        .bind(&record.hook)
        .bind(record.stage.as_str())
        .bind(installs)
        .bind(record.plugins.to_string())
        .bind(&record.fallback)
        .bind(record.fuel)
        .bind(record.micros)
        .bind(record.summary.to_string())
        .bind(&record.request_id)
        .bind(record.form)
        .bind(&record.log)
        .bind(&record.sealed)
        .bind(&record.body)
}

fn bind_shard<'q>(query: AnyQuery<'q>, filter: &'q ShardFilter) -> AnyQuery<'q> {
    query
        .bind(&filter.shop)
        .bind(&filter.hook)
        .bind(filter.since_millis)
        .bind(filter.until_millis)
        .bind(filter.stage.map_or("", |stage| stage.as_str()))
}

fn installs(row: &AnyRow) -> Result<Vec<String>> {
    Ok(row.text("installs")?.split_whitespace().map(ToOwned::to_owned).collect())
}

fn head(row: &AnyRow) -> Result<RecordHead> {
    Ok(RecordHead {
        seq: row.int("seq")?,
        id: row.text("id")?,
        at_millis: row.int("at_millis")?,
        shop: row.text("shop")?,
        hook: row.text("hook")?,
        stage: row.word("stage")?,
        installs: installs(row)?,
        plugins: row.json("plugins")?,
        fallback: row.text_or_none("fallback")?,
        fuel: row.int("fuel")?,
        micros: row.int("micros")?,
        summary: row.json("summary")?,
        request_id: row.text_or_none("request_id")?,
    })
}

fn record(row: &AnyRow) -> Result<StoredRecord> {
    let RecordHead {
        id,
        at_millis,
        shop,
        hook,
        stage,
        installs,
        plugins,
        fallback,
        fuel,
        micros,
        summary,
        request_id,
        ..
    } = head(row)?;
    Ok(StoredRecord {
        id,
        at_millis,
        shop,
        hook,
        stage,
        installs,
        plugins,
        fallback,
        fuel,
        micros,
        summary,
        request_id,
        form: row.int("form")?,
        body: row.bytes("body")?,
        sealed: row.bytes_or_none("sealed")?,
        log: row.text_or_none("log")?,
    })
}
