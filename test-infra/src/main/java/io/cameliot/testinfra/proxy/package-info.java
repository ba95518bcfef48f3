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
/**
 * Forward proxies for tests, HTTP CONNECT and SOCKS 5, which refuse requests as a test orders.
 *
 * <p>Other packages use {@link io.cameliot.testinfra.proxy.ForwardProxy}. This package depends on no emulator.
 */
package io.cameliot.testinfra.proxy;
