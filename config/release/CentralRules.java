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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks a staged release by the rules of Maven Central
 * (https://central.sonatype.org/publish/requirements/): poms, sources, Javadoc, checksums, signatures. Besides, each jar has
 * its bill of materials, and nothing is there that is not to be released.
 *
 * <p>{@code java config/release/CentralRules.java [--unsigned] <staging repository>}
 */
public class CentralRules {

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern NOT_RELEASED = Pattern.compile(".*(example|benchmarks|itest).*");

    private final Path repository;
    private final boolean signed;
    private final Map<String, Element> poms = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    private CentralRules(Path repository, boolean signed) {
        this.repository = repository;
        this.signed = signed;
    }

    /**
     * Prints what breaks a rule, and exits with 1 if anything does.
     *
     * @param arguments {@code --unsigned} asks for no signatures; the repository's folder
     */
    public static void main(String[] arguments) throws Exception {
        boolean unsigned = arguments.length == 2 && arguments[0].equals("--unsigned");
        if (arguments.length != (unsigned ? 2 : 1)) {
            System.err.println("Usage: java config/release/CentralRules.java [--unsigned] <staging repository>");
            System.exit(2);
        }
        CentralRules rules = new CentralRules(Path.of(arguments[arguments.length - 1]), !unsigned);
        rules.readPoms();
        rules.check();
        rules.faults.forEach(System.out::println);
        System.out.println(rules.poms.size() + " artifacts, " + rules.faults.size() + " faults");
        System.exit(rules.faults.isEmpty() && !rules.poms.isEmpty() ? 0 : 1);
    }

    private void readPoms() throws Exception {
        for (Path file : files(repository, ".pom")) {
            Element pom = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
            String group = inherited(pom, "groupId");
            String version = inherited(pom, "version");
            poms.put(group + ":" + text(pom, "artifactId") + ":" + version, pom);
        }
    }

    private void check() throws Exception {
        for (Path file : files(repository, "")) {
            String name = file.getFileName().toString();
            require(repository.relativize(file).toString(), !name.startsWith("maven-metadata"), "is not to be uploaded: delete it");
        }
        for (Map.Entry<String, Element> entry : poms.entrySet()) {
            String[] name = entry.getKey().split(":");
            Path folder = repository.resolve(name[0].replace('.', '/'))
                    .resolve(name[1])
                    .resolve(name[2]);
            checkPom(entry.getKey(), entry.getValue());
            checkFiles(entry.getKey(), entry.getValue(), folder, name[1] + "-" + name[2]);
        }
    }

    private void checkPom(String name, Element pom) {
        require(name, !name.endsWith("-SNAPSHOT"), "is a snapshot");
        require(name, !NOT_RELEASED.matcher(name).matches(), "is not to be released");
        require(name, !text(pom, "name").isBlank(), "has no name of its own");
        require(name, !text(pom, "description").isBlank(), "has no description of its own");
        for (String path : List.of(
                "url",
                "licenses/license/name",
                "licenses/license/url",
                "developers/developer/name",
                "scm/connection",
                "scm/developerConnection",
                "scm/url")) {
            String value = value(pom, path);
            require(name, !value.isBlank() && !value.contains("${"), "has no " + path + ": '" + value + "'");
            if (path.endsWith("url")) {
                require(name, value.startsWith("https://"), path + " is no address: '" + value + "'");
            }
        }
        require(name, child(pom, "repositories") == null, "has repositories of its own");
    }

    private void checkFiles(String name, Element pom, Path folder, String prefix) throws Exception {
        String packaging = text(pom, "packaging");
        if (!packaging.equals("pom")) {
            require(name, hasEntry(folder.resolve(prefix + ".jar"), "META-INF/MANIFEST.MF"), "has no jar");
            require(name, hasEntry(folder.resolve(prefix + "-sources.jar"), ".java"), "has no sources");
            require(name, hasEntry(folder.resolve(prefix + "-javadoc.jar"), "index.html"), "has no Javadoc");
            require(name, Files.isRegularFile(folder.resolve(prefix + "-cyclonedx.json")), "has no bill of materials");
        }
        for (Path file : files(folder, "")) {
            String simple = file.getFileName().toString();
            if (simple.endsWith(".md5") || simple.endsWith(".sha1") || simple.endsWith(".asc")) {
                continue;
            }
            require(simple, isDigest(file, "MD5", ".md5"), "has no MD5 sum, or a wrong one");
            require(simple, isDigest(file, "SHA-1", ".sha1"), "has no SHA-1 sum, or a wrong one");
            require(simple, !signed || Files.isRegularFile(sibling(file, ".asc")), "is not signed");
        }
    }

    private void require(String name, boolean kept, String fault) {
        if (!kept) {
            faults.add(name + " " + fault);
        }
    }

    private static boolean hasEntry(Path jar, String suffix) throws IOException {
        if (!Files.isRegularFile(jar)) {
            return false;
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().endsWith(suffix));
        }
    }

    private static boolean isDigest(Path file, String algorithm, String suffix)
            throws IOException, NoSuchAlgorithmException {
        Path sum = sibling(file, suffix);
        byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
        return Files.isRegularFile(sum)
                && Files.readString(sum).trim().equals(HexFormat.of().formatHex(digest));
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** The text of an element, also of the parent's pom, with its properties filled in. */
    private String value(Element pom, String path) {
        for (Element at = pom; at != null; at = parent(at)) {
            String text = text(at, path);
            if (!text.isBlank()) {
                return filled(pom, text);
            }
        }
        return "";
    }

    private String filled(Element pom, String text) {
        return EXPRESSION.matcher(text).replaceAll(found -> {
            for (Element at = pom; at != null; at = parent(at)) {
                Element properties = child(at, "properties");
                Element property = properties == null ? null : child(properties, found.group(1));
                if (property != null) {
                    return Matcher.quoteReplacement(property.getTextContent().trim());
                }
            }
            return Matcher.quoteReplacement(found.group());
        });
    }

    private Element parent(Element pom) {
        Element parent = child(pom, "parent");
        return parent == null
                ? null
                : poms.get(text(parent, "groupId") + ":" + text(parent, "artifactId") + ":" + text(parent, "version"));
    }

    private static String inherited(Element pom, String name) {
        String own = text(pom, name);
        return own.isBlank() ? text(pom, "parent/" + name) : own;
    }

    private static String text(Element from, String path) {
        Element at = from;
        for (String name : path.split("/")) {
            at = at == null ? null : child(at, name);
        }
        return at == null ? "" : at.getTextContent().trim();
    }

    private static Element child(Element of, String name) {
        for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }
}
