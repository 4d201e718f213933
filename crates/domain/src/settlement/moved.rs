//! What a replay has to know of a movement.

use crate::entry::Reference;
use crate::id::{AccountId, LocationId, LotId, MovementId, VariantId, VoucherId};
use crate::money::{Amount, UnitCost};
use crate::movement::{End, Movement, gave_out, takes_cost_of_sale};
use crate::quantity::Quantity;
use crate::time::Time;

/// Where something left or entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The place.
    pub location: LocationId,
    /// The cost pool of the stock there; 0 outside the house and where value does not move.
    pub pool: AccountId,
}

impl From<End> for Side {
    fn from(end: End) -> Self {
        Self { location: end.location, pool: end.pool }
    }
}

/// The part of a movement that says what it costs. A replay goes through histories of millions of them, so the rest
/// is left where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// When it was true.
    pub effective_at: Time,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot or instance; 0 = not tracked.
    pub lot: LotId,
    /// Where it left.
    pub from: Side,
    /// Where it entered.
    pub to: Side,
    /// How much, > 0, in the base unit.
    pub quantity: Quantity,
    /// The amount first booked with it, ≥ 0.
    pub amount: Amount,
    /// Whether a unit cost was given with it.
    pub has_cost: bool,
    /// The fall-back cost as it stood when it was booked.
    pub fallback_cost: Option<UnitCost>,
    /// The voucher; 0 = none.
    pub voucher: VoucherId,
    /// The document that it fulfils.
    pub external: Option<Reference>,
    /// The document that it cancels.
    pub credit_note: Option<Reference>,
    /// The movement that it undoes.
    pub reverses: Option<MovementId>,
}

impl Moved {
    /// Whether something was given out of the house, and not as an undoing.
    pub fn is_sale(&self) -> bool {
        self.reverses.is_none() && gave_out(self.from.pool, self.to.location)
    }

    /// Whether it came back from a customer without a cost, so that it costs what was sold, or the average.
    pub fn takes_cost_of_sale(&self) -> bool {
        self.reverses.is_none() && !self.has_cost && takes_cost_of_sale(self.from.location, self.to.pool)
    }
}

impl From<&Movement> for Moved {
    fn from(movement: &Movement) -> Self {
        Self {
            effective_at: movement.effective_at,
            variant: movement.variant,
            lot: movement.lot,
            from: movement.from.into(),
            to: movement.to.into(),
            quantity: movement.quantity,
            amount: movement.amount,
            has_cost: movement.unit_cost.is_some(),
            fallback_cost: movement.fallback_cost,
            voucher: movement.voucher,
            external: movement.external.clone(),
            credit_note: movement.credit_note.clone(),
            reverses: movement.reverses,
        }
    }
}
