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
 * Advice to the user on how to correct a failure with the options of this component. Only the classes in this package
 * and those that check options name the options to correct.
 *
 * <p>Only this component uses it. This package does not depend on other packages of the component.
 */
package io.cameliot.azure.dps.advice;
