package io.intaglio.client.audit;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Field;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fields of a request are recorded: those whose name says that they describe an order, a transfer or a question about one, and no other.
 * Names are compared without case, dashes and underscores; of nested JSON the last name counts. Immutable.
 */
final class RequestFields {
    private static final int MOST = 64;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_VALUE = 200;
    private static final int DEEPEST = 6;

    private static final Set<String> ORDER = Set.of(
            // what
            "symbol",
            "pair",
            "market",
            "marketid",
            "instid",
            "instrument",
            "instrumentid",
            "instrumentname",
            "productid",
            "contract",
            "category",
            "insttype",
            "base",
            "quote",
            "basecurrency",
            "quotecurrency",
            // which way and how
            "side",
            "type",
            "ordertype",
            "ordtype",
            "timeinforce",
            "tif",
            "postonly",
            "reduceonly",
            "closeonly",
            "tdmode",
            "marginmode",
            "posside",
            "positionside",
            "leverage",
            "trigger",
            "direction",
            "execinst",
            "oflags",
            // how much and at what price
            "quantity",
            "qty",
            "orderqty",
            "quoteorderqty",
            "size",
            "sz",
            "amount",
            "volume",
            "vol",
            "funds",
            "basesize",
            "quotesize",
            "displayqty",
            "icebergqty",
            "price",
            "px",
            "price2",
            "stopprice",
            "stoppx",
            "limitprice",
            "triggerprice",
            "triggerpx",
            "stoploss",
            "takeprofit",
            "cost",
            "notional",
            // whose name
            "clientorderid",
            "newclientorderid",
            "origclientorderid",
            "listclientorderid",
            "clordid",
            "origclordid",
            "cloid",
            "clientoid",
            "orderlinkid",
            "userref",
            "label",
            "orderid",
            "ordid",
            "txid",
            "id",
            "ids",
            "orderids",
            // where to
            "asset",
            "coin",
            "currency",
            "ccy",
            "network",
            "chain",
            "address",
            "destination",
            "toaccount",
            "fromaccount");

    /** What an added name must not be like. */
    private static final List<String> SECRET = List.of(
            "sign",
            "secret",
            "passphrase",
            "password",
            "passwd",
            "token",
            "apikey",
            "accesskey",
            "nonce",
            "otp",
            "pin",
            "authorization",
            "cookie",
            "mnemonic",
            "private");

    private final Set<String> more;

    RequestFields(Collection<String> added) {
        this.more = new TreeSet<>();
        for (String name : added) {
            String plain = plain(name);
            for (String part : SECRET) {
                if (plain.contains(part)) {
                    throw new IllegalArgumentException("field '" + name + "' is not recorded: its name has '" + part
                            + "' in it, as those of secrets do");
                }
            }
            more.add(plain);
        }
    }

    private static String plain(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private boolean isRecorded(String name) {
        String plain = plain(name);
        return ORDER.contains(plain) || more.contains(plain);
    }

    /** Names and values in the order in which they are sent; values of one name are joined. */
    Map<String, Object> of(ApiRequest request, KeyMask mask) {
        Map<String, Object> recorded = new LinkedHashMap<>();
        request.query().forEach(field -> add(field, recorded, mask));
        if (request.body() instanceof Body.Form form) {
            form.fields().forEach(field -> add(field, recorded, mask));
        } else if (request.body() instanceof Body.Json json) {
            walk("", json.value(), 0, recorded, mask);
        }
        return recorded;
    }

    private void add(Field field, Map<String, Object> recorded, KeyMask mask) {
        if (isRecorded(field.name())) {
            put(field.name(), field.value(), recorded, mask);
        }
    }

    private void walk(String path, Object value, int depth, Map<String, Object> recorded, KeyMask mask) {
        if (depth > DEEPEST) {
            return;
        }
        if (value instanceof Map<?, ?> members) {
            members.forEach((key, member) -> {
                String name = String.valueOf(key);
                String whole = path.isEmpty() ? name : path + "." + name;
                if (member instanceof Map<?, ?> || member instanceof List<?>) {
                    walk(whole, member, depth + 1, recorded, mask);
                } else if (member != null && isRecorded(name)) {
                    put(whole, text(member), recorded, mask);
                }
            });
        } else if (value instanceof List<?> list) {
            String name = path.substring(path.lastIndexOf('.') + 1);
            for (int i = 0; i < list.size(); i++) {
                Object member = list.get(i);
                if (member instanceof Map<?, ?> || member instanceof List<?>) {
                    walk(path + "[" + i + "]", member, depth + 1, recorded, mask);
                } else if (member != null && isRecorded(name)) {
                    put(path, text(member), recorded, mask);
                }
            }
        }
    }

    private static String text(Object scalar) {
        return scalar instanceof BigDecimal number ? number.toPlainString() : String.valueOf(scalar);
    }

    private static void put(String name, String value, Map<String, Object> recorded, KeyMask mask) {
        String key = cut(mask.in(name), LONGEST_NAME);
        String clean = cut(mask.in(value), LONGEST_VALUE);
        if (recorded.containsKey(key)) {
            recorded.put(key, cut(recorded.get(key) + ", " + clean, LONGEST_VALUE));
        } else if (recorded.size() < MOST) {
            recorded.put(key, clean);
        }
    }

    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
