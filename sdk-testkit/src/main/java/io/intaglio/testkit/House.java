package io.intaglio.testkit;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** What every venue has behind its doors: a clock, keys, balances, orders. Thread-safe by its own lock. */
final class House {
    private final InstantSource clock;
    private final Duration visibilityDelay;
    private final Budget budget;
    private final SecureRandom random;
    private final Map<String, ApiKey> keys = new LinkedHashMap<>();
    private final Map<String, BigDecimal> balances = new TreeMap<>();
    private final Map<String, PlacedOrder> orders = new LinkedHashMap<>();
    private Duration skew;

    House(InstantSource clock, Duration skew, Duration visibilityDelay, Budget budget, SecureRandom random) {
        this.clock = clock;
        this.skew = skew;
        this.visibilityDelay = visibilityDelay;
        this.budget = budget;
        this.random = random;
    }

    synchronized Instant now() {
        return clock.instant().plus(skew);
    }

    synchronized void skew(Duration newSkew) {
        skew = newSkew;
    }

    Budget budget() {
        return budget;
    }

    SecureRandom random() {
        return random;
    }

    synchronized ApiKey add(ApiKey key) {
        keys.put(key.id(), key);
        return key;
    }

    synchronized Optional<ApiKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** Runs work that reads and changes meters, nonces, balances and orders as one step. */
    synchronized Answer exclusively(Function<House, Answer> work) {
        return work.apply(this);
    }

    synchronized void balance(String asset, BigDecimal amount) {
        balances.put(asset, amount);
    }

    synchronized Map<String, BigDecimal> balances() {
        return new TreeMap<>(balances);
    }

    synchronized List<PlacedOrder> orders() {
        return new ArrayList<>(orders.values());
    }

    /** The order of that number, counted from 1, in each venue's style of id. */
    synchronized int nextNumber() {
        return orders.size() + 1;
    }

    synchronized PlacedOrder place(
            String id, String clientOrderId, Map<String, String> fields, PlacedOrder.State state, Instant at) {
        PlacedOrder order = new PlacedOrder(id, clientOrderId, fields, state, at);
        orders.put(id, order);
        return order;
    }

    synchronized PlacedOrder change(PlacedOrder order, PlacedOrder.State state) {
        PlacedOrder changed = order.in(state);
        orders.put(order.id(), changed);
        return changed;
    }

    synchronized Optional<PlacedOrder> order(String id) {
        return Optional.ofNullable(orders.get(id));
    }

    /** Whether an open order bears this client order id, seen by queries or not. */
    synchronized boolean isOpen(String clientOrderId) {
        return !clientOrderId.isEmpty()
                && orders.values().stream()
                        .anyMatch(
                                order -> order.isOpen() && order.clientOrderId().equals(clientOrderId));
    }

    /** The newest order that fits and that queries see already. */
    synchronized Optional<PlacedOrder> newest(Instant now, Predicate<PlacedOrder> which) {
        return visible(now, which).stream().reduce((older, newer) -> newer);
    }

    /** The orders that fit and that queries see already, oldest first. */
    synchronized List<PlacedOrder> visible(Instant now, Predicate<PlacedOrder> which) {
        return orders.values().stream()
                .filter(order -> !order.placedAt().plus(visibilityDelay).isAfter(now))
                .filter(which)
                .toList();
    }
}
