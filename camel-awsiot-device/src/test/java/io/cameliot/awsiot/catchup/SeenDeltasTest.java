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
package io.cameliot.awsiot.catchup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenDeltasTest {

    private static final long NOW = 1_700_000_000;
    private static final long HOUR = 3600;

    private final SeenDeltas seen = new SeenDeltas();

    @Test
    void writesTheDeltaOfAShadowAsItsEvent() throws Exception {
        JsonNode event = seen.event(
                json("{'state':{'desired':{'a':1,'b':{'c':2,'d':3},'l':[1,2]},'reported':{'a':1,'b':{'c':9,'d':3}},"
                        + "'delta':{'b':{'c':2},'l':[1,2]}},"
                        + "'metadata':{'desired':{'a':{'timestamp':1},'b':{'c':{'timestamp':2},'d':{'timestamp':3}},"
                        + "'l':[{'timestamp':4},{'timestamp':5}]},'reported':{'a':{'timestamp':6}}},"
                        + "'version':7,'timestamp':8,'clientToken':'t'}"));

        assertThat(event)
                .isEqualTo(json("{'version':7,'timestamp':8,'state':{'b':{'c':2},'l':[1,2]},"
                        + "'metadata':{'b':{'c':{'timestamp':2}},'l':[{'timestamp':4},{'timestamp':5}]}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'state':{'reported':{'a':1}},'version':3}",
                "{'state':{'desired':{'a':1},'reported':{'a':1},'delta':{}},'version':3}",
                "{}",
                "[]",
                "7"
            })
    void hasNoEventWhereThereIsNoDelta(String shadow) throws Exception {
        assertThat(seen.event(json(shadow))).isNull();
    }

    @Test
    void givesAVersionOnceAndNothingThatIsOlder() throws Exception {
        assertThat(seen.isNews(delta(5))).isTrue();
        assertThat(seen.isNews(delta(5))).isFalse();
        assertThat(seen.isNews(delta(4))).isFalse();
        assertThat(seen.isNews(delta(6))).isTrue();
        assertThat(seen.isNews(delta(5))).isFalse();
        assertThat(seen.isNews(delta(20))).isTrue();
    }

    @Test
    void givesADeltaOfTheVersionThatTheShadowHadWithoutOne() throws Exception {
        seen.event(json("{'state':{'reported':{}},'version':5}"));

        assertThat(seen.isNews(delta(4))).isFalse();
        assertThat(seen.isNews(delta(5))).isTrue();
    }

    @Test
    void givesWhatThePresentStateTellsUnlessADeltaWasQuicker() throws Exception {
        JsonNode present = seen.event(json("{'state':{'delta':{'a':1}},'version':5}"));
        assertThat(seen.isNews(present)).isTrue();
        assertThat(seen.isNews(delta(5))).isFalse();

        JsonNode late = seen.event(json("{'state':{'delta':{'a':1}},'version':6}"));
        assertThat(seen.isNews(delta(7))).isTrue();
        assertThat(seen.isNews(late)).isFalse();
    }

    @Test
    void forgetsNothingWhenAShadowIsDeletedBecauseItGoesOnCounting() throws Exception {
        assertThat(seen.isNews(delta(5))).isTrue();
        // Deleted as version 6, made again as version 7.
        assertThat(seen.isNews(delta(7))).isTrue();
        assertThat(seen.isNews(delta(5))).isFalse();
    }

    /** AWS forgets the version of a deleted shadow after 48 hours. */
    @Test
    void beginsAnewWhereTheShadowWasDeletedForTwoDays() throws Exception {
        assertThat(seen.isNews(delta(5000, 0))).isTrue();
        assertThat(seen.isNews(delta(4999, 1))).isFalse();
        assertThat(seen.isNews(delta(4999, 48 * HOUR))).isFalse();

        assertThat(seen.isNews(delta(1, 49 * HOUR))).isTrue();
        assertThat(seen.isNews(delta(1, 49 * HOUR))).isFalse();
        assertThat(seen.isNews(delta(2, 49 * HOUR + 1))).isTrue();
        assertThat(seen.isNews(delta(5001, 2))).as("late, of the shadow before").isFalse();
    }

    @Test
    void beginsAnewWithAStateWithoutADelta() throws Exception {
        assertThat(seen.isNews(delta(5000, 0))).isTrue();
        seen.event(json("{'state':{'reported':{}},'version':3,'timestamp':" + (NOW + 49 * HOUR) + "}"));

        assertThat(seen.isNews(delta(2, 49 * HOUR))).isFalse();
        assertThat(seen.isNews(delta(4, 49 * HOUR))).isTrue();
    }

    @Test
    void comparesTheVersionOfWhatHasNoTimestamp() throws Exception {
        assertThat(seen.isNews(delta(5, 0))).isTrue();
        assertThat(seen.isNews(delta(4))).isFalse();
        assertThat(seen.isNews(delta(6))).isTrue();
    }

    @Test
    void givesWhatHasNoVersion() throws Exception {
        assertThat(seen.isNews(json("{'state':{}}"))).isTrue();
        assertThat(seen.isNews(json("{'state':{}}"))).isTrue();
    }

    private static JsonNode delta(int version) throws Exception {
        return json("{'version':" + version + ",'state':{'a':1}}");
    }

    private static JsonNode delta(int version, long after) throws Exception {
        return json("{'version':" + version + ",'timestamp':" + (NOW + after) + ",'state':{'a':1}}");
    }

    static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
