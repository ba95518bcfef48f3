/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.cameliot.testinfra.awsiot.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ShadowId ID = ShadowId.classic("thing-1");
    private static final ShadowId DOOR = new ShadowId("thing-1", "door");

    private long now = 1_468_130_692;
    private final Shadows shadows = new Shadows(() -> Instant.ofEpochSecond(now));

    @Test
    void answersAnUpdateWithTheFieldsThatWereSent() throws Exception {
        for (int i = 0; i < 221; i++) {
            update("{'state':{'reported':{'count':" + i + "}}}");
        }

        ShadowChange change = update("{'state':{'desired':{'windowOpen':false}}}");

        // The vector of aws-iot-device-sdk-embedded-C, issue 32.
        assertThat(plain(change.accepted()))
                .isEqualTo(json("{'state':{'desired':{'windowOpen':false}},"
                        + "'metadata':{'desired':{'windowOpen':{'timestamp':1468130692}}},"
                        + "'version':222,'timestamp':1468130692}"));
        assertThat(change.delta().orElseThrow().get("version").intValue()).isEqualTo(222);
    }

    @Test
    void tellsTheWholeShadow() throws Exception {
        update("{'state':{'desired':{'light':'on','level':3},'reported':{'light':'off','level':3.0}}}");
        now += 10;

        assertThat(plain(shadows.get(ID, request("{'clientToken':'t'}"))))
                .isEqualTo(json("{'state':{'desired':{'light':'on','level':3},'reported':{'light':'off','level':3.0},"
                        + "'delta':{'light':'on'}},"
                        + "'metadata':{'desired':{'light':{'timestamp':1468130692},'level':{'timestamp':1468130692}},"
                        + "'reported':{'light':{'timestamp':1468130692},'level':{'timestamp':1468130692}}},"
                        + "'version':1,'timestamp':1468130702,'clientToken':'t'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'a':1}|{'b':2}|{'a':1,'b':2}",
                "{'a':1,'b':2}|{'a':null}|{'b':2}",
                "{'a':{'b':1,'c':2}}|{'a':{'b':null,'d':3}}|{'a':{'c':2,'d':3}}",
                "{'a':[1,2,3]}|{'a':[4]}|{'a':[4]}",
                "{'a':{'b':1}}|{'a':5}|{'a':5}",
                "{'a':5}|{'a':{'b':1}}|{'a':{'b':1}}",
                "{'a':[{'b':1}]}|{'a':{'b':null}}|{'a':{}}"
            })
    void mergesAnUpdate(String before, String change, String after) throws Exception {
        update("{'state':{'reported':" + before + "}}");

        update("{'state':{'reported':" + change + "}}");

        ShadowSection reported = shadows.find(ID).orElseThrow().reported();
        assertThat(plain(reported.state())).isEqualTo(json(after));
        assertThat(reported.metadata().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(() -> reported.state().fieldNames());
    }

    @Test
    void answersWithoutMetadataOfRemovedFields() throws Exception {
        update("{'state':{'reported':{'a':1,'b':{'c':1}}}}");

        ShadowChange change = update("{'state':{'reported':{'a':null,'b':{'c':null,'d':2}}}}");

        assertThat(plain(change.accepted().get("metadata")))
                .isEqualTo(json("{'reported':{'b':{'d':{'timestamp':1468130692}}}}"));
    }

    @Test
    void removesASectionByNull() throws Exception {
        update("{'state':{'desired':{'a':1},'reported':{'a':2}}}");

        ShadowChange change = update("{'state':{'desired':null}}");

        assertThat(plain(change.accepted().get("state"))).isEqualTo(json("{'desired':null}"));
        assertThat(shadows.find(ID).orElseThrow().desired().isEmpty()).isTrue();
        assertThat(shadows.find(ID).orElseThrow().reported().isEmpty()).isFalse();
        assertThat(change.delta()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'a':1}|{}|{'a':1}",
                "{'a':1}|{'a':2}|{'a':1}",
                "{'a':{'b':1,'c':2}}|{'a':{'b':1,'c':3}}|{'a':{'c':2}}",
                "{'a':{'b':1},'c':2}|{'a':{'b':1}}|{'c':2}",
                "{'a':[1,2]}|{'a':[1,3]}|{'a':[1,2]}",
                "{'a':1,'b':2}|{'b':2,'c':3}|{'a':1}",
                "{'a':'1'}|{'a':1}|{'a':'1'}"
            })
    void tellsWhatIsWantedAndIsNotSo(String desired, String reported, String delta) throws Exception {
        JsonNode expected = json(delta);

        ShadowChange change = update("{'state':{'desired':" + desired + ",'reported':" + reported + "}}");

        assertThat(plain(change.delta().orElseThrow().get("state"))).isEqualTo(expected);
        assertThat(change.delta().orElseThrow().get("metadata").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(expected::fieldNames);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'a':1}|{'a':1}",
                "{'a':{'b':1}}|{'a':{'b':1}}",
                "{}|{'a':1}",
                "{'a':1}|{'a':1.0}",
                "{'a':[1]}|{'a':[1]}"
            })
    void tellsNoDeltaWhereThereIsNone(String desired, String reported) throws Exception {
        assertThat(update("{'state':{'desired':" + desired + ",'reported':" + reported + "}}")
                        .delta())
                .isEmpty();
    }

    @Test
    void tellsTheShadowBeforeAndAfter() throws Exception {
        update("{'state':{'reported':{'a':1}}}");
        ShadowChange change = update("{'state':{'reported':{'a':2}},'clientToken':'t'}");

        assertThat(change.documents().at("/previous/state/reported/a").intValue())
                .isEqualTo(1);
        assertThat(change.documents().at("/previous/version").intValue()).isEqualTo(1);
        assertThat(change.documents().at("/current/state/reported/a").intValue())
                .isEqualTo(2);
        assertThat(change.documents().at("/current/version").intValue()).isEqualTo(2);
        assertThat(change.documents().get("clientToken").textValue()).isEqualTo("t");
    }

    @Test
    void countsOnAfterADeletion() throws Exception {
        update("{'state':{'reported':{'a':1}}}");
        update("{'state':{'reported':{'a':2}}}");

        assertThat(plain(shadows.delete(ID, ShadowRequestDocument.EMPTY)))
                .isEqualTo(json("{'version':2,'timestamp':1468130692}"));
        assertThat(rejection("{'state':{},'version':2}").code()).isEqualTo(409);
        assertThat(update("{'state':{'reported':{'b':1}}}")
                        .accepted()
                        .get("version")
                        .intValue())
                .isEqualTo(3);
        assertThat(shadows.find(ID).orElseThrow().reported().state().has("a")).isFalse();
    }

    @Test
    void beginsTheVersionsOfADeletedShadowAnewAfterTwoDays() throws Exception {
        update("{'state':{'reported':{'a':1}}}");
        shadows.delete(ID, ShadowRequestDocument.EMPTY);

        now += 48 * 60 * 60 + 1;
        update("{'state':{'reported':{'b':2}}}");

        assertThat(shadows.find(ID).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void keepsShadowsApart() throws Exception {
        update("{'state':{'reported':{'a':1}}}");
        shadows.update(DOOR, request("{'state':{'reported':{'open':true}}}"));
        shadows.update(new ShadowId("thing-1", "attic"), request("{'state':{}}"));
        shadows.update(new ShadowId("thing-2", "cellar"), request("{'state':{}}"));

        assertThat(shadows.names("thing-1")).containsExactly("attic", "door");
        shadows.delete(ID, ShadowRequestDocument.EMPTY);
        assertThat(shadows.find(DOOR)).isPresent();
    }

    @Test
    void rejectsAnotherVersionThanTheExpectedOne() throws Exception {
        for (int i = 0; i < 10; i++) {
            update("{'state':{'desired':{'colors':['RED']}}}");
        }
        String stale = "{'state':{'desired':{'colors':['BLUE']}},'version':9,"
                + "'clientToken':'426bfd96-e720-46d3-95cd-014e3ef12bb6'}";

        JsonNode rejection = shadows.rejection(
                rejection(stale), ClientToken.of(stale.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));

        // The vector of the Developer Guide, with a timestamp.
        assertThat(plain(rejection))
                .isEqualTo(json("{'code':409,'message':'Version conflict','timestamp':1468130692,"
                        + "'clientToken':'426bfd96-e720-46d3-95cd-014e3ef12bb6'}"));
        assertThat(update(stale.replace("9,", "10,")).accepted().get("version").intValue())
                .isEqualTo(11);
    }

    @Test
    void rejectsADocumentThatGetsTooLarge() throws Exception {
        int overhead = "{\"reported\":{\"text\":\"\"}}".length();
        update("{'state':{'reported':{'text':'" + "x".repeat(8192 - overhead) + "'}}}");

        ShadowRejectedException rejection = rejection("{'state':{'desired':{'a':1}}}");

        assertThat(rejection.code()).isEqualTo(413);
        // The text of esp-aws-iot, issue 70; the size is that of desired and reported state after the merge.
        assertThat(rejection)
                .hasMessage("Json document too large.  Size is " + (8192 + ",\"desired\":{\"a\":1}".length())
                        + ", max allowed: 8192");
        assertThat(shadows.find(ID).orElseThrow().version()).isEqualTo(1);
        update("{'state':{'desired':{'a':1},'reported':{'text':null}}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{|400|Invalid JSON",
                "[1]|400|Invalid JSON",
                "{} {}|400|Invalid JSON",
                "{}|400|Missing required node: state",
                "\"\"|400|Missing required node: state",
                "{'state':null}|400|State node must be an object",
                "{'state':[]}|400|State node must be an object",
                "{'state':{'desired':1}}|400|Desired node must be an object",
                "{'state':{'reported':[]}}|400|Reported node must be an object",
                "{'state':{},'version':'1'}|400|Invalid version",
                "{'state':{},'version':1.5}|400|Invalid version",
                "{'state':{},'version':-1}|400|Invalid version",
                "{'state':{},'clientToken':5}|400|Invalid clientToken",
                "{'state':{'delta':{}}}|400|State contains an invalid node: 'delta'",
                "{'state':{'desired':{'a':[1,null]}}}|400|State contains an invalid node",
                "{'state':{'desired':{'a':[{'b':null}]}}}|400|State contains an invalid node",
                "{'state':{'desired':{'2':{'3':{'4':{'5':{'6':{'7':{}}}}}}}}|400|JSON contains too many levels of nesting; maximum is 6",
                "{'state':{},'version':1}|409|Version conflict",
                "{'state':{},'version':0}|409|Version conflict"
            })
    void rejectsWhatIsNotRight(String request, int code, String message) {
        ShadowRejectedException rejection = rejection(closed(request));

        assertThat(rejection.code()).isEqualTo(code);
        assertThat(rejection).hasMessage(message);
        assertThat(shadows.find(ID)).isEmpty();
    }

    /** Adds the braces that a row leaves out for brevity. */
    private static String closed(String request) {
        long open = request.chars().filter(character -> character == '{').count();
        long close = request.chars().filter(character -> character == '}').count();
        return request.length() > 1 ? request + "}".repeat((int) Math.max(0, open - close)) : request;
    }

    @Test
    void takesSixLevelsAndAClientTokenOf64Bytes() throws Exception {
        update("{'state':{'desired':{'2':{'3':{'4':{'5':{'6':{}}}}}}},'clientToken':'" + "ü".repeat(32) + "'}");

        assertThat(rejection("{'state':{},'clientToken':'" + "ü".repeat(32) + "x'}"))
                .hasMessage("Invalid clientToken");
    }

    @Test
    void rejectsWhatIsNotUtf8() {
        byte[] latin1 = "{\"state\":{\"desired\":{\"a\":\"ü\"}}}".getBytes(StandardCharsets.ISO_8859_1);

        ShadowRejectedException rejection =
                catchThrowableOfType(ShadowRejectedException.class, () -> ShadowRequestDocument.read(latin1));

        assertThat(rejection.code()).isEqualTo(415);
        assertThat(rejection).hasMessage("Unsupported documented encoding; supported encoding is UTF-8");
    }

    @Test
    void findsNoShadowOfThatName() {
        assertThat(catchThrowableOfType(
                        ShadowRejectedException.class, () -> shadows.get(ID, ShadowRequestDocument.EMPTY)))
                .hasMessage("No shadow exists with name: 'thing-1'");
        assertThat(catchThrowableOfType(
                        ShadowRejectedException.class, () -> shadows.delete(DOOR, ShadowRequestDocument.EMPTY)))
                .hasMessage("No shadow exists with name: 'thing-1~door'")
                .extracting(ShadowRejectedException::code)
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'state':{}}", "{'state':{'desired':{'a':1}}}"})
    void findsNoThing(String request) throws Exception {
        shadows.thing("thing-1", false);

        assertThat(rejection(request)).hasMessage("Thing not found");
        shadows.thing("thing-1", true);
        update(request);
    }

    private ShadowChange update(String request) throws Exception {
        return shadows.update(ID, request(request));
    }

    private ShadowRejectedException rejection(String request) {
        ShadowRejectedException rejection = catchThrowableOfType(ShadowRejectedException.class, () -> update(request));
        assertThat(rejection).as(request).isNotNull();
        return rejection;
    }

    private static ShadowRequestDocument request(String document) throws ShadowRejectedException {
        return ShadowRequestDocument.read(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** As a reader of the answer has it. */
    private static JsonNode plain(JsonNode answer) throws Exception {
        return JSON.readTree(answer.toString());
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
