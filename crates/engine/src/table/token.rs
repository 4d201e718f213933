//! Sessions, refresh tokens and API keys. Of each secret only the hash is kept.

use lotbook_domain::id::{TenantId, TokenId, UserId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Row};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Held by somebody who logged in, for some hours.
    Session,
    /// Gives the next session, once.
    Refresh,
    /// Held by a program until it is revoked.
    ApiKey,
}

impl TokenKind {
    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Session => 1,
            Self::Refresh => 2,
            Self::ApiKey => 3,
        }
    }

    fn from_code(code: i64) -> Result<Self, Error> {
        match code {
            1 => Ok(Self::Session),
            2 => Ok(Self::Refresh),
            3 => Ok(Self::ApiKey),
            _ => Err(Error::Internal(format!("token kind {code} is not known to this version"))),
        }
    }
}

/// A token without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// For whom it speaks.
    pub person: UserId,
    /// What it is for.
    pub kind: TokenKind,
    /// An API key's name. Of a session and its refresh tokens: the family, which ends as a whole.
    pub name: String,
    /// When it was made.
    pub created_at: Time,
    /// Until when it holds; `None` = until it is revoked.
    pub expires_at: Option<Time>,
    /// When it was revoked or used up.
    pub revoked_at: Option<Time>,
}

impl Token {
    /// Whether it holds at a time.
    pub fn is_valid(&self, now: Time) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

const COLUMNS: &str = "id, person, kind, name, created_at, expires_at, revoked_at";

fn read(row: &Row<'_>) -> Result<Token, Error> {
    Ok(Token {
        id: TokenId(row.int(0)?),
        person: UserId(row.int(1)?),
        kind: TokenKind::from_code(row.int(2)?)?,
        name: row.text(3)?,
        created_at: Time(row.int(4)?),
        expires_at: row.opt_int(5)?.map(Time),
        revoked_at: row.opt_int(6)?.map(Time),
    })
}

/// Writes a new token.
pub fn insert(conn: &mut Conn, tenant: TenantId, token: &Token, secret_hash: &[u8]) -> Result<(), Error> {
    conn.execute(
        "insert into token (tenant, id, person, kind, name, secret_hash, created_at, expires_at, revoked_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            Arg::Int(tenant.0),
            Arg::Int(token.id.0),
            Arg::Int(token.person.0),
            Arg::Int(token.kind.code()),
            Arg::Text(&token.name),
            Arg::Bytes(secret_hash),
            Arg::Int(token.created_at.0),
            Arg::OptInt(token.expires_at.map(|at| at.0)),
            Arg::OptInt(token.revoked_at.map(|at| at.0)),
        ],
    )?;
    Ok(())
}

/// The token whose secret has this hash.
pub fn by_hash(conn: &mut Conn, tenant: TenantId, secret_hash: &[u8]) -> Result<Option<Token>, Error> {
    let sql = format!("select {COLUMNS} from token where tenant = $1 and secret_hash = $2");
    conn.one(&sql, &[Arg::Int(tenant.0), Arg::Bytes(secret_hash)], read)
}

/// The same, locked until the transaction ends, so that a token that is used up is used up once.
pub fn lock_by_hash(conn: &mut Conn, tenant: TenantId, secret_hash: &[u8]) -> Result<Option<Token>, Error> {
    let sql = format!("select {COLUMNS} from token where tenant = $1 and secret_hash = $2 {{for update}}");
    conn.one(&sql, &[Arg::Int(tenant.0), Arg::Bytes(secret_hash)], read)
}

/// A token.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: TokenId) -> Result<Option<Token>, Error> {
    let sql = format!("select {COLUMNS} from token where tenant = $1 and id = $2");
    conn.one(&sql, &[Arg::Int(tenant.0), Arg::Int(id.0)], read)
}

/// A page of API keys in the order of ids, after an id: those of one person, or everybody's.
pub fn page_of_keys(
    conn: &mut Conn,
    tenant: TenantId,
    person: Option<UserId>,
    after: TokenId,
    limit: i64,
) -> Result<Vec<Token>, Error> {
    let sql = format!(
        "select {COLUMNS} from token where tenant = $1 and kind = 3 and id > $2 and ($3 = 0 or person = $3) \
         order by id limit $4"
    );
    let person = person.map_or(0, |id| id.0);
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(person), Arg::Int(limit)], read)
}

/// Revokes a token that is not revoked yet.
pub fn revoke(conn: &mut Conn, tenant: TenantId, id: TokenId, at: Time) -> Result<(), Error> {
    conn.execute(
        "update token set revoked_at = $3 where tenant = $1 and id = $2 and revoked_at is null",
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Int(at.0)],
    )?;
    Ok(())
}

/// Whether one of a family's refresh tokens was not used up or revoked yet.
pub fn is_family_alive(conn: &mut Conn, tenant: TenantId, person: UserId, family: &str) -> Result<bool, Error> {
    let found = conn.one(
        "select 1 from token where tenant = $1 and person = $2 and name = $3 and kind = 2 and revoked_at is null limit 1",
        &[Arg::Int(tenant.0), Arg::Int(person.0), Arg::Text(family)],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Revokes a session with all its refresh tokens.
pub fn revoke_family(conn: &mut Conn, tenant: TenantId, person: UserId, family: &str, at: Time) -> Result<(), Error> {
    conn.execute(
        "update token set revoked_at = $4 \
         where tenant = $1 and person = $2 and name = $3 and kind in (1, 2) and revoked_at is null",
        &[Arg::Int(tenant.0), Arg::Int(person.0), Arg::Text(family), Arg::Int(at.0)],
    )?;
    Ok(())
}

/// Revokes every session and refresh token of a person; API keys stay.
pub fn revoke_sessions(conn: &mut Conn, tenant: TenantId, person: UserId, at: Time) -> Result<(), Error> {
    conn.execute(
        "update token set revoked_at = $3 \
         where tenant = $1 and person = $2 and kind in (1, 2) and revoked_at is null",
        &[Arg::Int(tenant.0), Arg::Int(person.0), Arg::Int(at.0)],
    )?;
    Ok(())
}

/// Forgets a person's sessions and refresh tokens that ended before a time.
pub fn forget_sessions(conn: &mut Conn, tenant: TenantId, person: UserId, before: Time) -> Result<(), Error> {
    conn.execute(
        "delete from token where tenant = $1 and person = $2 and kind in (1, 2) and expires_at < $3",
        &[Arg::Int(tenant.0), Arg::Int(person.0), Arg::Int(before.0)],
    )?;
    Ok(())
}
