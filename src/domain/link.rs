//! Rule 2: which ledger account may be linked to a holder.

use super::alias_account::{AccountLink, LinkStatus};
use super::fault::FaultCode;
use super::ids::HolderId;
use super::time::Timestamp;

/// What a link depends on, of an account that the ledger knows and that is not deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerAccount {
    /// `deposit`, `savings`, `external`, …
    pub account_type: String,
    /// Whether it is blocked.
    pub blocked: bool,
    /// The holder that the ledger names (v4), as it wrote it.
    pub holder_id: Option<String>,
}

/// How strictly the ledger's own holder is compared (`LEDGER_HOLDER_CHECK`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HolderCheck {
    /// Another holder of ours is refused; an id that is unknown here is not.
    #[default]
    Known,
    /// Any other id is refused.
    Strict,
    /// The ledger's holder is not looked at.
    Off,
}

/// What the ledger's own holder is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedHolder {
    /// None is named, or it is the holder itself, or nobody looked.
    NoOther,
    /// Another holder of ours in this organization, live or deleted.
    OtherOfOurs,
    /// An id that we do not know.
    Unknown,
}

impl LedgerAccount {
    /// The holder named by the ledger, where it is another than this one and the check wants to know.
    pub fn other_holder(&self, holder: HolderId, check: HolderCheck) -> Option<&str> {
        let named = self.holder_id.as_deref().filter(|id| !id.is_empty())?;
        (check != HolderCheck::Off && HolderId::parse(named) != Some(holder)).then_some(named)
    }

    /// The link to record, or why the account may not be linked.
    pub fn link(
        &self,
        named: NamedHolder,
        check: HolderCheck,
        checked_at: Timestamp,
    ) -> Result<AccountLink, (FaultCode, &'static str)> {
        let detail = self.judge(named, check)?;
        Ok(AccountLink { status: LinkStatus::Verified, checked_at: Some(checked_at), detail })
    }

    /// Whether it may be linked whoever the holder is: nothing about it could be mended in the ledger.
    pub fn is_open_to_all(&self) -> bool {
        self.holder_id.is_none() && self.judge(NamedHolder::NoOther, HolderCheck::Off).is_ok()
    }

    /// What a check of an existing link found.
    pub fn checked(&self, named: NamedHolder, check: HolderCheck, checked_at: Timestamp) -> AccountLink {
        let (status, detail) = match self.judge(named, check) {
            Ok(detail) => (LinkStatus::Verified, detail),
            Err((FaultCode::LedgerAccountBlocked, why)) => (LinkStatus::Blocked, Some(why.to_owned())),
            Err((_, why)) => (LinkStatus::Mismatch, Some(why.to_owned())),
        };
        AccountLink { status, checked_at: Some(checked_at), detail }
    }

    /// Nothing or a remark, or why the account may not be linked.
    fn judge(
        &self,
        named: NamedHolder,
        check: HolderCheck,
    ) -> Result<Option<String>, (FaultCode, &'static str)> {
        if self.blocked {
            return Err((
                FaultCode::LedgerAccountBlocked,
                "the account is blocked in the ledger: unblock it first",
            ));
        }
        if self.account_type == "external" {
            let why = "the account is of type external: only accounts of the ledger itself have a holder";
            return Err((FaultCode::LedgerAccountExternal, why));
        }
        match (named, check) {
            (NamedHolder::OtherOfOurs, _) | (NamedHolder::Unknown, HolderCheck::Strict) => Err(MISMATCH),
            (NamedHolder::Unknown, _) => {
                Ok(Some("the ledger names a holder that is unknown here".to_owned()))
            }
            (NamedHolder::NoOther, _) => Ok(None),
        }
    }
}

impl AccountLink {
    /// What a check found of an account that the ledger does not have, or has deleted.
    pub fn not_found(checked_at: Timestamp) -> Self {
        let detail = Some("the ledger has no such ledger or account, or it is deleted there".to_owned());
        Self { status: LinkStatus::NotFound, checked_at: Some(checked_at), detail }
    }
}

const MISMATCH: (FaultCode, &str) = (
    FaultCode::LedgerAccountHolderMismatch,
    "the ledger says that the account is another holder's: link it to that holder, or correct it in the ledger",
);

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1);

    fn account(account_type: &str, blocked: bool, holder_id: Option<&str>) -> LedgerAccount {
        LedgerAccount {
            account_type: account_type.to_owned(),
            blocked,
            holder_id: holder_id.map(str::to_owned),
        }
    }

    #[test]
    fn blocked_and_external_accounts_are_refused() {
        let refused = |account: LedgerAccount| {
            account.link(NamedHolder::NoOther, HolderCheck::Known, NOW).map_err(|(code, _)| code)
        };
        assert_eq!(refused(account("deposit", true, None)), Err(FaultCode::LedgerAccountBlocked));
        assert_eq!(refused(account("external", false, None)), Err(FaultCode::LedgerAccountExternal));
        assert_eq!(refused(account("deposit", false, None)).unwrap().status, LinkStatus::Verified);
    }

    #[test]
    fn another_holder_of_ours_is_a_mismatch_and_an_unknown_one_only_where_strict() {
        let link = |named, check| {
            account("deposit", false, Some("x")).link(named, check, NOW).map_err(|(code, _)| code)
        };
        let mismatch = Err(FaultCode::LedgerAccountHolderMismatch);
        for check in [HolderCheck::Known, HolderCheck::Strict] {
            assert_eq!(link(NamedHolder::OtherOfOurs, check), mismatch);
        }
        assert_eq!(link(NamedHolder::Unknown, HolderCheck::Strict), mismatch);
        assert!(link(NamedHolder::Unknown, HolderCheck::Known).unwrap().detail.is_some());
        assert!(link(NamedHolder::NoOther, HolderCheck::Strict).unwrap().detail.is_none());
    }

    #[test]
    fn a_check_tells_what_became_of_a_linked_account() {
        let checked = |account: LedgerAccount, named| account.checked(named, HolderCheck::Known, NOW);
        for (account, named, status) in [
            (account("deposit", false, None), NamedHolder::NoOther, LinkStatus::Verified),
            (account("deposit", true, None), NamedHolder::NoOther, LinkStatus::Blocked),
            (account("external", false, None), NamedHolder::NoOther, LinkStatus::Mismatch),
            (account("deposit", false, Some("x")), NamedHolder::OtherOfOurs, LinkStatus::Mismatch),
            (account("deposit", false, Some("x")), NamedHolder::Unknown, LinkStatus::Verified),
        ] {
            let link = checked(account, named);
            assert_eq!((link.status, link.checked_at), (status, Some(NOW)));
        }
        assert_eq!(AccountLink::not_found(NOW).status, LinkStatus::NotFound);
    }

    #[test]
    fn the_holder_itself_in_any_case_is_no_other_and_off_does_not_look() {
        let id = "0190A3B4-7C2D-7E1F-8A9B-0C1D2E3F4A5B";
        let holder = HolderId::parse(id).unwrap();
        assert_eq!(account("deposit", false, Some(id)).other_holder(holder, HolderCheck::Strict), None);
        assert_eq!(account("deposit", false, None).other_holder(holder, HolderCheck::Strict), None);
        assert_eq!(account("deposit", false, Some("other")).other_holder(holder, HolderCheck::Off), None);
        assert_eq!(
            account("deposit", false, Some("other")).other_holder(holder, HolderCheck::Known),
            Some("other")
        );
    }
}
