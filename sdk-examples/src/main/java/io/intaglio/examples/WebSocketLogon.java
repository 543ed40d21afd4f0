package io.intaglio.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.intaglio.examples.Stage.Use;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Logon;
import io.intaglio.signing.LogonRequest;
import io.intaglio.signing.Moment;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.Okx;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The log-on frame of a WebSocket, signed by the same key as calls are; any WebSocket library sends it.
 *
 * <p>Run it with {@code ./example web-socket-logon}, or with {@code --profile NAME} for a key of yours. Nothing is sent.
 */
final class WebSocketLogon {
    private static final String SECRET = "0123456789ABCDEF0123456789ABCDEF";

    public static void main(String[] args) {
        Stage.play(args, Use.READ, WebSocketLogon::run, Okx.VENUE);
    }

    static void run(Stage stage) throws Exception {
        Moment now = Moment.at(Stage.CLOCK.instant());
        try (Credential credential = stage.isSimulated() ? invented() : stage.credential()) {
            Logon logon = stage.venue().webSocket().orElseThrow().sign(LogonRequest.standard(), credential, now);
            // with the JDK: http.newWebSocketBuilder().buildAsync(uri, listener).join().sendText(logon.json(), true)
            stage.show("signed", new String(logon.preHash(), UTF_8));
            stage.show("frame", logon.json().replaceAll("(apiKey|passphrase|sign)\":\"[^\"]*\"", "$1\":\"(hidden)\""));
            String byHand = byHand(now.timestamp().getEpochSecond() + "GET/users/self/verify");
            if (stage.isSimulated()) {
                stage.proved(
                        logon.signature().orElseThrow().equals(byHand), "the JDK alone computes the same signature");
            }
        }
        stage.why(
                "The library signs and owns no socket. What a stream says of an order goes to VenueClient.confirm(..).");
    }

    private static Credential invented() {
        return Okx.VENUE
                .credential("desk-7", Secret.ofChars(SECRET.toCharArray()))
                .with("passphrase", "invented");
    }

    /** As OKX documents it, by the JDK alone: base64 of HMAC-SHA256 of the second, the method and the path. */
    private static String byHand(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    }
}
