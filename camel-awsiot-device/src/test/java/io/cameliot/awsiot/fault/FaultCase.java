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
package io.cameliot.awsiot.fault;

/**
 * A fault and how it ends.
 *
 * @param name what happens
 * @param options further options of the endpoints
 * @param course lets it happen to a device whose messages go round, and ends it
 */
record FaultCase(String name, String options, Course course) {

    static FaultCase of(String name, Course course) {
        return new FaultCase(name, "", course);
    }

    static FaultCase of(String name, String options, Course course) {
        return new FaultCase(name, options, course);
    }

    @Override
    public String toString() {
        return name;
    }

    /** What happens to a device. */
    @FunctionalInterface
    interface Course {
        void run(FaultScene scene) throws Exception;
    }
}
