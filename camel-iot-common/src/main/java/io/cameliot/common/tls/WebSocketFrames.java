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
package io.cameliot.common.tls;

/** Names and numbers of RFC 6455, sections 5.2 and 7.4.1. */
final class WebSocketFrames {

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    static final int FIN = 0x80;
    static final int RESERVED_BITS = 0x70;
    static final int OPCODE_BITS = 0x0F;
    static final int MASKED = 0x80;
    static final int LENGTH_BITS = 0x7F;

    static final int MAX_CONTROL_PAYLOAD = 125;
    static final int LENGTH_IN_16_BITS = 126;
    static final int LENGTH_IN_64_BITS = 127;

    static final int NORMAL_CLOSURE = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED_DATA = 1003;
    static final int NO_STATUS = 1005;

    private WebSocketFrames() {}

    static String closeCodeText(int code) {
        String meaning =
                switch (code) {
                    case NORMAL_CLOSURE -> "normal closure";
                    case 1001 -> "going away";
                    case PROTOCOL_ERROR -> "protocol error";
                    case UNSUPPORTED_DATA -> "unsupported data";
                    case NO_STATUS -> "none given";
                    case 1007 -> "invalid payload data";
                    case 1008 -> "policy violation";
                    case 1009 -> "message too big";
                    case 1010 -> "extension missing";
                    case 1011 -> "internal error";
                    case 1012 -> "service restart";
                    case 1013 -> "try again later";
                    default -> null;
                };
        return meaning == null ? Integer.toString(code) : code + " (" + meaning + ")";
    }
}
