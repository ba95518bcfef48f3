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

// The token is in the fragment of the URL, which no browser sends. It moves to the memory of this tab, so that it is neither in
// the history nor lost when the page is loaded again, and goes out as a header of this page's own requests.
const KEY = 'token';
const inUrl = new URLSearchParams(location.hash.slice(1)).get('token');
if (inUrl) {
  sessionStorage.setItem(KEY, inUrl);
  history.replaceState(null, '', location.pathname);
}
const headers = {Authorization: `Bearer ${sessionStorage.getItem(KEY) || ''}`};

/** Calls the API. Throws an error with the message of the server. */
export async function call(method, path, body) {
  const response = await fetch(`/api/${path}`, {
    method,
    headers: body ? {...headers, 'Content-Type': 'application/json'} : headers,
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.error || `Status ${response.status}`);
  }
  return answer;
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split('\n');
    rest = parts.pop();
    yield* parts;
  }
}

let stream = new AbortController();
let topicFilter = '';

/** Has the server choose the messages of a topic filter before it takes its sample; empty for all. */
export function filterMessages(filter) {
  if (filter !== topicFilter) {
    topicFilter = filter;
    stream.abort();
  }
}

/** Listens to the server for as long as the page is open. EventSource is of no use: it sends no header. */
export async function listen(handlers, onStatus) {
  for (;;) {
    stream = new AbortController();
    const {signal} = stream;
    const filter = topicFilter;
    try {
      const response = await fetch(`/api/stream?topic=${encodeURIComponent(filter)}`, {headers, signal});
      if (response.status === 401) {
        onStatus('This page needs the token of the URL that the program printed. Open that URL.', true);
        return;
      }
      if (!response.ok) {
        throw new Error(`Status ${response.status}`);
      }
      onStatus('Connected to the emulators', false);
      handlers.opened(filter);
      let event = '';
      for await (const line of lines(response.body)) {
        if (line.startsWith('event: ')) {
          event = line.slice('event: '.length);
        } else if (line.startsWith('data: ')) {
          handlers[event]?.(JSON.parse(line.slice('data: '.length)));
        }
      }
    } catch (error) {
      // Shown below, whatever it was.
    }
    if (signal.aborted) {
      continue;
    }
    onStatus('The emulators do not answer. Trying again …', true);
    await pause(1000);
  }
}
