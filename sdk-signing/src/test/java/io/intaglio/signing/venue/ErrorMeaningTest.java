package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Meanings of error codes, each beside what the venue's documentation says of the code. */
class ErrorMeaningTest {
    private static Optional<Meaning> meaning(String venue, String code) {
        return Venues.named(venue).meaningOf(code);
    }

    /** No such code may be taken for "not executed": the order may be on the book. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "binance | -1000 | An unknown error occurred while processing the request.",
                "binance | -1006 | An unexpected response was received from the message bus. Execution status unknown.",
                "binance | -1007 | Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
                "bitvavo | 101 | Unknown error. Operation may or may not have succeeded.",
                "okx | 50004 | API endpoint request timeout (does not mean that the request was successful or failed, please check the request result)",
                "okx | 50026 | System error. Try again later",
                "bybit | 10000 | Server Timeout",
                "bybit | 10016 | Server error.",
                "bybit | 40004 | the order is modified during the process of replacing , please check the order status again",
                "bybit | 3400214 | Server error, please try again later",
                "bybit | 170001 | Internal error.",
                "bybit | 170007 | Timeout waiting for response from backend server.",
                "bybit | 170032 | Network error. Please try again later",
                "bybit | 170035 | Submitted to the system for processing!",
                "bybit | 170146 | Order creation timeout",
                "bybit | 170234 | System Error",
                "bybit | 131001 | Service error",
                "bybit | 131003 | Internal error",
                "bybit | 131200 | Service error",
                "bybit | 131201 | Internal error",
                "kraken | EService:Unavailable | The matching engine or API is offline",
                "kraken | EService:Busy | unconfirmed",
                "kraken | EService:Deadline elapsed | The request timed out according to the default or specified deadline",
                "kraken | EGeneral:Internal error | Internal Support. Please contact support.",
                "kraken | EGeneral:Internal error:42 | the same with its code",
                "kraken | EOrder:Reduce only:Position is closed | order will match as much as possible and cancel back the rest with this error",
                "deribit | 10001 | Some general failure, no public information available.",
                "deribit | 11094 | Some unhandled error on server.",
                "deribit | 13008 | Request failed because of invalid input or internal failure.",
                "deribit | 13028 | The requested service is not responding or processing the response takes too long.",
                "kucoin | 500000 | Internal Server Error",
                "kucoinfutures | 500000 | Internal Server Error",
                "gate | INTERNAL | Internal server error",
                "gate | SERVER_ERROR | Internal server error",
                "bitget | 40010 | Request timed out",
                "bitget | 40015 | System is abnormal, please try again later",
                "bitget | 40910 | Operation timed out",
                "bitget | 45001 | Unknown error",
                "bitget | 50031 | System error",
                "bitget | 80002 | system error",
                "htx | gateway-internal-error | system is busy, please try again later",
                "htx | timeout | Request Timeout",
                "mexc | 500 | Internal error",
                "mexc | 504 | Gateway Time-out",
                "mexc | 20002 | Internal system error please contact support",
                "bingx | 100500 | Internal system error",
                "bingx | 101500 | rpc timeout",
                "bingx | 80019 | The order is being processed. Please use the allOrders api to retrieve the order details later",
                "cryptocom | 40801 | Request has timed out",
                "cryptocom | 50001 | Internal error",
                "coinex | 4002 | Service request timed out, please try again later.",
                "coinex | 4003 | Internal error, please contact customer service for help.",
                "lbank | 10000 | Internal error",
                "lbank | 10017 | Server Error",
                "digifinex | 50000 | Exception error",
                "bitbank | 10001 | System error.",
                "bitbank | 10003 | System error.",
                "bitbank | 10005 | Timeout waiting for response.",
                "bitbank | 70001 | System error.",
                "bitbank | 70002 | System error.",
                "bitbank | 70003 | System error.",
                "bitbank | 70012 | System error."
            })
    void meaningOf_codeThatSaysNothingOfTheOutcome_isUnknown(String venue, String code, String documented) {
        assertThat(meaning(venue, code)).as(documented).contains(Meaning.UNKNOWN_OUTCOME);
    }

    /** What says that the request was not taken, or why it was refused, stays a refusal. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "binance | -1001 | Internal error; unable to process your request. Please try again.",
                "binance | -2010 | NEW_ORDER_REJECTED",
                "okx | 51008 | Order failed. Insufficient account balance",
                "bybit | 110007 | Available balance is insufficient",
                "bybit | 100028 | The API cannot be accessed by unified account users.",
                "kraken | EOrder:Insufficient funds | Client does not have the necessary funds",
                "kraken | EService:Market in cancel_only mode | Request can't be made at this time",
                "deribit | 10009 | Account has not enough funds for the operation.",
                "deribit | 10040 | Request can't be processed right now and should be retried.",
                "deribit | 10047 | Reached limit of pending Matching Engine requests for user.",
                "deribit | 13888 | Server did not manage to process request when it was valid (valid_until).",
                "bitget | 43012 | Insufficient balance",
                "cryptocom | 306 | Insufficient available balance",
                "bitbank | 60001 | Insufficient amount.",
                "bitbank | 70011 | System is busy. Please try again."
            })
    void meaningOf_refusal_isNotUnknown(String venue, String code, String documented) {
        assertThat(meaning(venue, code))
                .as(documented)
                .isNotIn(Optional.of(Meaning.UNKNOWN_OUTCOME), Optional.of(Meaning.CLOCK_SKEW));
    }

    @Test
    void meaningOf_numberThatBeginsLikeADeclaredOne_isAnother() {
        Venue venue = BinanceSpot.VENUE;
        assertThat(venue.meaningOf("-1003")).contains(Meaning.THROTTLED);
        assertThat(venue.meaningOf("-10031")).isEmpty();
        assertThat(venue.meaningOf("Duplicate order sent. And more.")).contains(Meaning.DUPLICATE);
    }
}
