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

/** A request that the Device Shadow service rejects, with one of its codes ("Device Shadow error messages"). */
public final class ShadowRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    public ShadowRejectedException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** As HTTP's status codes. */
    public int code() {
        return code;
    }

    static ShadowRejectedException invalid(String message) {
        return new ShadowRejectedException(400, message);
    }

    static ShadowRejectedException noSuchThing() {
        return new ShadowRejectedException(404, "Thing not found");
    }

    static ShadowRejectedException noSuchShadow(ShadowId id) {
        return new ShadowRejectedException(404, "No shadow exists with name: '" + id.label() + "'");
    }

    static ShadowRejectedException versionConflict() {
        return new ShadowRejectedException(409, "Version conflict");
    }

    /** The message has two spaces in AWS's answer too. */
    static ShadowRejectedException tooLarge(int bytes, int allowed) {
        return new ShadowRejectedException(
                413, "Json document too large.  Size is " + bytes + ", max allowed: " + allowed);
    }

    static ShadowRejectedException notUtf8() {
        return new ShadowRejectedException(415, "Unsupported documented encoding; supported encoding is UTF-8");
    }

    /** More requests at a time than AWS takes. */
    public static ShadowRejectedException throttled() {
        return new ShadowRejectedException(
                429,
                "Too many requests: at most " + Shadows.IN_FLIGHT
                        + " of one connection to one thing's shadows may be in flight");
    }
}
