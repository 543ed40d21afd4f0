package io.intaglio.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VenueResponseTest {
    private static VenueResponse response(String body) {
        return new VenueResponse(200, List.of(), body.getBytes(UTF_8), null, 1, Duration.ZERO);
    }

    @Test
    void find_elementOfAList_isItsPointer() {
        VenueResponse response = response("""
                {"a":[1,{"b":[{"asset":"ETH"}]}],"balances":[
                  {"asset":"BTC2","free":"1"},{"nested":{"asset":"BTC"},"free":"2"},["BTC"],null,{"free":"3","asset":"BTC"},{"asset":"BTC"}]}""");
        assertThat(response.find("/balances", "asset", "BTC")).contains("/balances/4");
        assertThat(response.at("/balances/4/free")).contains("3");
        assertThat(response.find("/a/1/b", "asset", "ETH")).contains("/a/1/b/0");
        assertThat(response("[{\"id\":7},{\"id\":8}]").find("", "id", "8")).contains("/1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{}",
                "{\"balances\":{\"asset\":\"BTC\"}}",
                "{\"balances\":[]}",
                "{\"balances\":[{\"asset\":null},{\"asset\":[\"BTC\"]},{\"Asset\":\"BTC\"},{\"asset\":\"btc\"}",
                "{\"balances\":[{\"asset\":"
            })
    void find_nothingThere_isEmpty(String body) {
        assertThat(response(body).find("/balances", "asset", "BTC")).isEmpty();
    }
}
