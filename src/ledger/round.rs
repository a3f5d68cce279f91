//! One round of questions about several accounts: each ledger and each account is asked at most once, and only a few
//! questions are under way at once.

use crate::domain::ids::{AccountId, LedgerId};
use crate::registry::ports::ledger::{LedgerAccount, LedgerError};
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::{HashMap, HashSet};

/// Most questions under way at once: one caller's hundred accounts must not crowd out the others.
const AT_ONCE: usize = 8;

/// What the ledger is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Question {
    Ledger(LedgerId),
    Account(LedgerId, AccountId),
}

impl Question {
    pub(super) fn ledger(self) -> LedgerId {
        match self {
            Self::Ledger(ledger) | Self::Account(ledger, _) => ledger,
        }
    }
}

/// What it says.
pub(super) enum Answered {
    Ledger(LedgerId, Result<(), LedgerError>),
    Account(LedgerId, AccountId, Result<LedgerAccount, LedgerError>),
}

/// The questions of one round in their order, and the answers so far.
pub(super) struct Round {
    questions: Vec<Question>,
    ledgers: HashMap<LedgerId, Result<(), LedgerError>>,
    accounts: HashMap<(LedgerId, AccountId), Result<LedgerAccount, LedgerError>>,
    /// How many questions about each ledger got no answer.
    silences: HashMap<LedgerId, usize>,
}

impl Round {
    /// A ledger's question stands before those about its accounts.
    pub(super) fn new(accounts: &[(LedgerId, AccountId)]) -> Self {
        let both = |&(ledger, account)| [Question::Ledger(ledger), Question::Account(ledger, account)];
        let mut seen = HashSet::new();
        let questions = accounts.iter().flat_map(both).filter(|question| seen.insert(*question)).collect();
        Self { questions, ledgers: HashMap::new(), accounts: HashMap::new(), silences: HashMap::new() }
    }

    /// Asks everything that still matters.
    pub(super) async fn run<F>(mut self, ask: impl Fn(Question) -> F) -> Self
    where
        F: Future<Output = Answered>,
    {
        let mut waiting = std::mem::take(&mut self.questions).into_iter();
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < AT_ONCE
                && let Some(question) = waiting.find(|question| self.matters(*question))
            {
                under_way.push(ask(question));
            }
            match under_way.next().await {
                Some(answer) => self.keep(answer),
                None => return self,
            }
        }
    }

    /// One answer for each account. The ledger call comes first, whatever it says: only where the ledger is there
    /// does the other say anything.
    pub(super) fn tell(&self, accounts: &[(LedgerId, AccountId)]) -> Vec<Result<LedgerAccount, LedgerError>> {
        let one = |pair: &(LedgerId, AccountId)| {
            answer_in(&self.ledgers, &pair.0)?;
            answer_in(&self.accounts, pair)
        };
        accounts.iter().map(one).collect()
    }

    /// Of a ledger that is missing no account says anything. After some questions without an answer nothing more is
    /// asked about that ledger: a hundred time-outs in a row would outlast the request. One of them is not enough: it
    /// may be about one odd account, and the others have answers.
    fn matters(&self, question: Question) -> bool {
        let ledger = question.ledger();
        self.silences.get(&ledger).is_none_or(|silences| *silences < AT_ONCE)
            && !matches!(self.ledgers.get(&ledger), Some(Err(_)))
    }

    fn keep(&mut self, answer: Answered) {
        if let Answered::Ledger(ledger, Err(LedgerError::Unavailable(_)))
        | Answered::Account(ledger, _, Err(LedgerError::Unavailable(_))) = &answer
        {
            *self.silences.entry(*ledger).or_default() += 1;
        }
        match answer {
            Answered::Ledger(ledger, found) => drop(self.ledgers.insert(ledger, found)),
            Answered::Account(ledger, account, found) => {
                drop(self.accounts.insert((ledger, account), found));
            }
        }
    }
}

fn answer_in<K, T>(answers: &HashMap<K, Result<T, LedgerError>>, key: &K) -> Result<T, LedgerError>
where
    K: Eq + std::hash::Hash,
    T: Clone,
{
    let unasked = || Err(LedgerError::Unavailable("the ledger was not asked".to_owned()));
    answers.get(key).cloned().unwrap_or_else(unasked)
}
