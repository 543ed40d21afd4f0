package io.intaglio.signing.scheme;

import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import java.net.HttpURLConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import javax.crypto.Mac;
import org.bouncycastle.util.encoders.Hex;
import tools.jackson.core.json.JsonFactory;

/** Breaks every rule of the architecture test, to show that each can fail. Used by nothing else. */
@SuppressWarnings("exports")
public final class PlantedFaults {
    static int counter;

    private final Mac shared;
    private final MessageDigest digest;
    private final HttpURLConnection connection = null;

    PlantedFaults() throws NoSuchAlgorithmException {
        shared = Mac.getInstance("HmacSHA256");
        digest = MessageDigest.getInstance("SHA-256");
    }

    /** Shows a third party's type. */
    public JsonFactory factory() {
        return new JsonFactory();
    }

    String text() {
        counter++;
        return shared.getAlgorithm()
                + digest.getAlgorithm()
                + new Random(1).nextInt()
                + connection
                + System.nanoTime()
                + Codecs.hex(Hex.decode("00"));
    }

    Venue venue() {
        return KrakenSpot.VENUE;
    }
}
