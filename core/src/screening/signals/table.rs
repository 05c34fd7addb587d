//! Every signal: its name in settings, the reason code that the trade knows it by, what values it has, and a sentence.
//!
//! What this file must not know: how a signal is read from a request.

use super::value::{Form, Kind};
use cartwright_contract::Unit;

/// What a request is read in: a group whose signals nobody asks for is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Payment,
    Places,
    Email,
    Phone,
    Names,
    Basket,
    History,
    Velocity,
}

/// What is known of a signal before any order comes.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// As settings name it.
    pub name: &'static str,
    /// As reasons name it.
    pub code: &'static str,
    pub kind: Kind,
    pub group: Group,
    /// For people; `{}` stands for the value.
    pub says: &'static str,
}

const FLAG: Kind = Kind::Flag;
const TAGS: Kind = Kind::Tags;
const TEXT: Kind = Kind::Text(Form::Any);
const LOWER: Kind = Kind::Text(Form::Lower);
const COUNTRY: Kind = Kind::Text(Form::Country);
const COUNT: Kind = Kind::Number { unit: Unit::Count, most: i64::MAX };
const MONEY: Kind = Kind::Number { unit: Unit::MinorUnits, most: i64::MAX };
const METRES: Kind = Kind::Number { unit: Unit::Metres, most: crate::geo::HALF_CIRCUMFERENCE_METRES as i64 };
const DAYS: Kind = Kind::Number { unit: Unit::Days, most: i64::MAX };
const SHARE: Kind = Kind::Number { unit: Unit::PartsPerMillion, most: i64::MAX };
/// 0 (a word or name) to 1000 (thrown dice).
const SHAPE: Kind = Kind::Number { unit: Unit::Count, most: 1_000 };
const AVS: Kind = Kind::Text(Form::OneOf(&AVS_RESULTS));
const CVV: Kind = Kind::Text(Form::OneOf(&CVV_RESULTS));
const THREE_DS: Kind = Kind::Text(Form::OneOf(&THREE_D_SECURE));
const FUNDING: Kind = Kind::Text(Form::OneOf(&CARD_FUNDING));

/// In the order of the contract's enums, in the spelling of its JSON.
pub(super) const AVS_RESULTS: [&str; 6] =
    ["notChecked", "matchAll", "matchPostalCode", "matchStreet", "noMatch", "unavailable"];
pub(super) const CVV_RESULTS: [&str; 4] = ["notChecked", "matchAll", "noMatch", "unavailable"];
pub(super) const THREE_D_SECURE: [&str; 5] = ["notTried", "authenticated", "attempted", "failed", "notEnrolled"];
pub(super) const CARD_FUNDING: [&str; 4] = ["unknown", "credit", "debit", "prepaid"];

macro_rules! signals {
    ($($signal:ident $name:literal $code:literal $kind:ident $group:ident $says:literal;)*) => {
        /// One thing that screening looks at. The comment of each is its sentence; its kind and unit stand in [`Info`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Signal {
            $(#[doc = $says] $signal,)*
        }

        impl Signal {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$signal,)*];
        }

        const TABLE: &[Info] =
            &[$(Info { name: $name, code: $code, kind: $kind, group: Group::$group, says: $says },)*];
    };
}

signals! {
    PaymentMethod "paymentMethod" "PAYMENT_METHOD" LOWER Payment "The order is paid by {}.";
    PaymentAmount "paymentAmount" "PAYMENT_AMOUNT" MONEY Payment "The payment is over {}.";
    Avs "avs" "AVS_RESULT" AVS Payment "The address verification says {}.";
    AvsNoMatch "avsNoMatch" "AVS_NO_MATCH" FLAG Payment "The card's issuer knows neither street nor postal code of the billing address.";
    AvsPartialMatch "avsPartialMatch" "AVS_PARTIAL_MATCH" FLAG Payment "The card's issuer knows the billing address in part only.";
    Cvv "cvv" "CVV_RESULT" CVV Payment "The check of the card's security code says {}.";
    CvvNoMatch "cvvNoMatch" "CVV_NO_MATCH" FLAG Payment "The card's security code is wrong.";
    ThreeDSecure "threeDSecure" "THREE_D_SECURE_RESULT" THREE_DS Payment "3-D Secure says {}.";
    ThreeDSecureFailed "threeDSecureFailed" "THREE_D_SECURE_FAILED" FLAG Payment "The cardholder did not pass 3-D Secure.";
    ThreeDSecureAuthenticated "threeDSecureAuthenticated" "THREE_D_SECURE_AUTHENTICATED" FLAG Payment "The cardholder passed 3-D Secure.";
    CardFunding "cardFunding" "CARD_FUNDING" FUNDING Payment "The card is of the kind {}.";
    PrepaidCard "prepaidCard" "PREPAID_CARD" FLAG Payment "The card is prepaid.";
    CardCountry "cardCountry" "CARD_COUNTRY" COUNTRY Payment "The card was issued in {}.";
    CardCountryMismatch "cardCountryMismatch" "CARD_COUNTRY_MISMATCH" FLAG Payment "The card was issued in another country than the billing address.";
    DeclinedAttempts "declinedAttempts" "DECLINED_ATTEMPTS" COUNT Payment "Payments for this order that were declined before: {}.";

    BillingCountry "billingCountry" "BILLING_COUNTRY" COUNTRY Places "The billing address is in {}.";
    ShippingCountry "shippingCountry" "SHIPPING_COUNTRY" COUNTRY Places "The order is shipped to {}.";
    ShippingSubdivision "shippingSubdivision" "SHIPPING_SUBDIVISION" TEXT Places "The order is shipped to the subdivision {}.";
    ShippingPostalCode "shippingPostalCode" "SHIPPING_POSTAL_CODE" TEXT Places "The order is shipped to the postal code {}.";
    BillingShippingCountryMismatch "billingShippingCountryMismatch" "BILLING_SHIPPING_COUNTRY_MISMATCH" FLAG Places "The order is shipped to another country than that of the billing address.";
    BillingShippingDistance "billingShippingDistance" "BILLING_SHIPPING_DISTANCE" METRES Places "Billing and shipping address are {} apart.";
    IpCountry "ipCountry" "IP_COUNTRY" COUNTRY Places "The IP address is in {}.";
    IpCountryMismatch "ipCountryMismatch" "IP_COUNTRY_MISMATCH" FLAG Places "The IP address is in another country than the billing address.";
    IpDistance "ipDistance" "IP_DISTANCE" METRES Places "The IP address is {} away from the billing address.";
    AnonymousIp "anonymousIp" "ANONYMOUS_IP" FLAG Places "The IP address hides where the shopper is: a proxy, VPN, Tor or a hosting company.";
    FreightForwarder "freightForwarder" "SUSPECTED_FREIGHT_FORWARDER" FLAG Places "The order is shipped to a known address of a freight forwarder.";
    PoBox "poBox" "PO_BOX" FLAG Places "The order is shipped to a post-office box.";

    EmailDomain "emailDomain" "EMAIL_DOMAIN" LOWER Email "The e-mail address is at {}.";
    EmailMalformed "emailMalformed" "EMAIL_MALFORMED" FLAG Email "The e-mail address is none.";
    DisposableEmail "disposableEmail" "DISPOSABLE_EMAIL" FLAG Email "The e-mail address is at a provider of throw-away addresses.";
    EmailAge "emailAge" "NEW_EMAIL" DAYS Email "The shop has known the e-mail address for {}.";
    EmailShape "emailShape" "EMAIL_SHAPE" SHAPE Email "The e-mail address looks thrown together: {} of 1000.";

    PhoneCountry "phoneCountry" "PHONE_COUNTRY" COUNTRY Phone "The phone number belongs to {}.";
    PhoneCountryMismatch "phoneCountryMismatch" "PHONE_COUNTRY_MISMATCH" FLAG Phone "The phone number belongs to another country than billing and shipping address.";

    NameMismatch "nameMismatch" "NAME_MISMATCH" FLAG Names "The name on the card is not that of the billing address.";
    RecipientMismatch "recipientMismatch" "RECIPIENT_MISMATCH" FLAG Names "The order is shipped to another name than that of the billing address.";

    OrderValue "orderValue" "ORDER_VALUE" MONEY Basket "The goods are worth {}.";
    OrderValueToNormal "orderValueToNormal" "ORDER_VALUE_ABOVE_NORMAL" SHARE Basket "The goods are worth {} of a normal order of this shop.";
    ResaleableGoods "resaleableGoods" "RESALEABLE_GOODS" MONEY Basket "Goods that are easily sold again make up {}.";
    RushShipping "rushShipping" "RUSH_SHIPPING" FLAG Basket "The shopper chose rush shipping.";
    Quantity "quantity" "QUANTITY" COUNT Basket "Units in the order: {}.";
    HighestQuantity "highestQuantity" "HIGH_QUANTITY" COUNT Basket "Units of one single thing: {}.";
    DigitalGoods "digitalGoods" "DIGITAL_GOODS" FLAG Basket "Nothing of the order is shipped.";
    Service "service" "SHIPPING_SERVICE" TEXT Basket "The shopper chose the service {}.";
    Channel "channel" "CHANNEL" TEXT Basket "The order came by {}.";
    LineTags "lineTags" "LINE_TAGS" TAGS Basket "Lines bear a tag that is watched.";
    OrderTags "orderTags" "ORDER_TAGS" TAGS Basket "The order bears a tag that is watched.";
    CustomerTags "customerTags" "CUSTOMER_TAGS" TAGS Basket "The customer is in a group that is watched.";

    NewCustomer "newCustomer" "NEW_CUSTOMER" FLAG History "The shop knows no earlier order of the customer.";
    CustomerAge "customerAge" "NEW_ACCOUNT" DAYS History "The customer's account is {} old.";
    CompletedOrders "completedOrders" "COMPLETED_ORDERS" COUNT History "Earlier orders that were paid and kept: {}.";
    CustomerSpent "customerSpent" "CUSTOMER_SPENT" MONEY History "The customer has spent {} before.";
    EarlierChargebacks "earlierChargebacks" "EARLIER_CHARGEBACK" COUNT History "Earlier chargebacks of the customer: {}.";
    EarlierRejections "earlierRejections" "EARLIER_REJECTION" COUNT History "Earlier orders of the customer that were rejected as unsafe: {}.";

    CardVelocity1h "cardVelocity1h" "CARD_VELOCITY" COUNT Velocity "Orders with this card in the last hour: {}.";
    CardVelocity24h "cardVelocity24h" "CARD_VELOCITY" COUNT Velocity "Orders with this card in the last 24 hours: {}.";
    CardVelocity7d "cardVelocity7d" "CARD_VELOCITY" COUNT Velocity "Orders with this card in the last 7 days: {}.";
    CardAmount1h "cardAmount1h" "CARD_VELOCITY" MONEY Velocity "Orders with this card in the last hour add up to {}.";
    CardAmount24h "cardAmount24h" "CARD_VELOCITY" MONEY Velocity "Orders with this card in the last 24 hours add up to {}.";
    CardAmount7d "cardAmount7d" "CARD_VELOCITY" MONEY Velocity "Orders with this card in the last 7 days add up to {}.";
    EmailVelocity1h "emailVelocity1h" "EMAIL_VELOCITY" COUNT Velocity "Orders with this e-mail address in the last hour: {}.";
    EmailVelocity24h "emailVelocity24h" "EMAIL_VELOCITY" COUNT Velocity "Orders with this e-mail address in the last 24 hours: {}.";
    EmailVelocity7d "emailVelocity7d" "EMAIL_VELOCITY" COUNT Velocity "Orders with this e-mail address in the last 7 days: {}.";
    EmailAmount1h "emailAmount1h" "EMAIL_VELOCITY" MONEY Velocity "Orders with this e-mail address in the last hour add up to {}.";
    EmailAmount24h "emailAmount24h" "EMAIL_VELOCITY" MONEY Velocity "Orders with this e-mail address in the last 24 hours add up to {}.";
    EmailAmount7d "emailAmount7d" "EMAIL_VELOCITY" MONEY Velocity "Orders with this e-mail address in the last 7 days add up to {}.";
    IpVelocity1h "ipVelocity1h" "IP_ADDRESS_VELOCITY" COUNT Velocity "Orders from this IP address in the last hour: {}.";
    IpVelocity24h "ipVelocity24h" "IP_ADDRESS_VELOCITY" COUNT Velocity "Orders from this IP address in the last 24 hours: {}.";
    IpVelocity7d "ipVelocity7d" "IP_ADDRESS_VELOCITY" COUNT Velocity "Orders from this IP address in the last 7 days: {}.";
    IpAmount1h "ipAmount1h" "IP_ADDRESS_VELOCITY" MONEY Velocity "Orders from this IP address in the last hour add up to {}.";
    IpAmount24h "ipAmount24h" "IP_ADDRESS_VELOCITY" MONEY Velocity "Orders from this IP address in the last 24 hours add up to {}.";
    IpAmount7d "ipAmount7d" "IP_ADDRESS_VELOCITY" MONEY Velocity "Orders from this IP address in the last 7 days add up to {}.";
    DeviceVelocity1h "deviceVelocity1h" "DEVICE_VELOCITY" COUNT Velocity "Orders from this device in the last hour: {}.";
    DeviceVelocity24h "deviceVelocity24h" "DEVICE_VELOCITY" COUNT Velocity "Orders from this device in the last 24 hours: {}.";
    DeviceVelocity7d "deviceVelocity7d" "DEVICE_VELOCITY" COUNT Velocity "Orders from this device in the last 7 days: {}.";
    DeviceAmount1h "deviceAmount1h" "DEVICE_VELOCITY" MONEY Velocity "Orders from this device in the last hour add up to {}.";
    DeviceAmount24h "deviceAmount24h" "DEVICE_VELOCITY" MONEY Velocity "Orders from this device in the last 24 hours add up to {}.";
    DeviceAmount7d "deviceAmount7d" "DEVICE_VELOCITY" MONEY Velocity "Orders from this device in the last 7 days add up to {}.";
    AddressVelocity1h "addressVelocity1h" "ADDRESS_VELOCITY" COUNT Velocity "Orders to this address in the last hour: {}.";
    AddressVelocity24h "addressVelocity24h" "ADDRESS_VELOCITY" COUNT Velocity "Orders to this address in the last 24 hours: {}.";
    AddressVelocity7d "addressVelocity7d" "ADDRESS_VELOCITY" COUNT Velocity "Orders to this address in the last 7 days: {}.";
    AddressAmount1h "addressAmount1h" "ADDRESS_VELOCITY" MONEY Velocity "Orders to this address in the last hour add up to {}.";
    AddressAmount24h "addressAmount24h" "ADDRESS_VELOCITY" MONEY Velocity "Orders to this address in the last 24 hours add up to {}.";
    AddressAmount7d "addressAmount7d" "ADDRESS_VELOCITY" MONEY Velocity "Orders to this address in the last 7 days add up to {}.";
}

impl Signal {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Name, code, kind and sentence.
    #[must_use]
    pub fn info(self) -> &'static Info {
        &TABLE[self as usize]
    }

    /// The signal with this name in settings.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|signal| signal.info().name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_codes_are_upper_snake_case() {
        let names: BTreeSet<&str> = TABLE.iter().map(|info| info.name).collect();
        assert_eq!(names.len(), Signal::COUNT);
        for info in TABLE {
            assert!(
                info.code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'),
                "{}",
                info.code
            );
            assert!(info.says.ends_with('.'), "{}", info.says);
            let shows_value = matches!(info.kind, Kind::Number { .. } | Kind::Text(_));
            assert_eq!(info.says.contains("{}"), shows_value, "{}", info.name);
        }
        assert_eq!(Signal::named("ipDistance"), Some(Signal::IpDistance));
        assert_eq!(Signal::named("IP_DISTANCE"), None);
    }

    #[test]
    fn every_reason_code_that_the_trade_asks_for_is_there() {
        let codes: BTreeSet<&str> = TABLE.iter().map(|info| info.code).collect();
        for code in [
            "AVS_NO_MATCH",
            "AVS_PARTIAL_MATCH",
            "CVV_NO_MATCH",
            "THREE_D_SECURE_FAILED",
            "CARD_COUNTRY_MISMATCH",
            "IP_COUNTRY_MISMATCH",
            "IP_DISTANCE",
            "BILLING_SHIPPING_DISTANCE",
            "SUSPECTED_FREIGHT_FORWARDER",
            "PO_BOX",
            "DISPOSABLE_EMAIL",
            "NEW_EMAIL",
            "EMAIL_SHAPE",
            "PHONE_COUNTRY_MISMATCH",
            "NAME_MISMATCH",
            "ORDER_VALUE_ABOVE_NORMAL",
            "RESALEABLE_GOODS",
            "RUSH_SHIPPING",
            "HIGH_QUANTITY",
            "NEW_CUSTOMER",
            "EARLIER_CHARGEBACK",
            "IP_ADDRESS_VELOCITY",
            "CARD_VELOCITY",
            "EMAIL_VELOCITY",
            "DEVICE_VELOCITY",
            "ADDRESS_VELOCITY",
            "PREPAID_CARD",
            "ANONYMOUS_IP",
            "DECLINED_ATTEMPTS",
        ] {
            assert!(codes.contains(code), "{code}");
        }
    }
}
