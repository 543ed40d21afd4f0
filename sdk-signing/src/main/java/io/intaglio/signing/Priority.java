package io.intaglio.signing;

/** Which call goes first when rate budget is short. The order of the constants is the order of service. */
public enum Priority {
    /** Cancels and reductions: served first, from a reserve that other calls cannot use. */
    RISK_REDUCING,
    /** New and changed orders, transfers, anything that acts. */
    ORDER,
    /** Calls that only read. */
    READ
}
