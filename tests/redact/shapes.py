"""At least 200 secrets, each as the text of a Python test run shows it.

`SHAPES` is a list of `Shape(name, text, secret)`: `secret` stands in `text` and must be gone after redaction. Secrets are
made up at import from a seed, so that no scanner wakes and every run sees the same ones. Where a secret is cut in two by
the text (a wrapped line), each part is a row of its own. Import it as `from tests.redact.shapes import SHAPES`.
"""

import base64
import html
import json
import string
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
B64 = ALNUM + "+/"


@dataclass(frozen=True)
class Shape:
    """A text, and the secret in it."""

    name: str
    text: str
    secret: str


def made(length: int, alphabet: str = ALNUM, seed: str = "") -> str:
    """A random-looking string, the same in every run, which holds a letter and a digit where the alphabet has both."""
    chars = Random(f"shape {length}{alphabet}{seed}").choices(alphabet, k=length)
    for place, kind in ((1, str.isdigit), (3, str.isalpha)):
        if length > 4 and not any(map(kind, chars)):
            chars[place] = next(filter(kind, alphabet), chars[place])
    return "".join(chars)


def uuid(seed: str = "") -> str:
    raw = made(32, HEX, f"uuid{seed}")
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"


def jwt(seed: str = "") -> str:
    head, body = ({"alg": "HS256", "typ": "JWT"}, {"sub": f"1234567890{seed}", "name": "Ada"})
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body)
    )
    return ".".join([*parts, made(43, ALNUM + "-_", f"jwt{seed}")])


P = "Tr4vel" + "-gnome7"  # what a person chose
W = "sword" + "fish"  # a word that only its place betrays
R = made(32, LOWER, "random")  # what a machine made
H = made(40, HEX, "hex")
S = made(24, ALNUM, "short")
PEM_LINES = tuple(made(64, B64, f"pem{n}") for n in range(5))
PEM_HEAD, PEM_TAIL = ("-----" + f"{end} PRIVATE KEY-----" for end in ("BEGIN", "END"))

# One `{}` each: where the secret goes.
_CONTEXTS: dict[str, tuple[str, ...]] = {
    # what people choose
    P: (
        # arguments of commands, as lists, tuples, JSON and lines of a shell
        "['psql', '--password', '{}']",
        "('mysql', '-u', 'root', '--password', '{}', 'shop')",
        '["mysql", "-uroot", "-p{}", "shop"]',
        "['mysqldump', '-p{}', 'shop']",
        "['mysql', '--user=root', '-p', '{}']",
        "['mongosh', '-u', 'admin', '-p', '{}', '--eval', 'db.stats()']",
        "['curl', '-sS', '-u', 'deploy:{}', 'https://ci.example/api']",
        "['curl', '--user', 'deploy:{}', 'https://ci.example/api']",
        "subprocess.CalledProcessError: Command '['curl', '-udeploy:{}', 'https://ci.example']' returned non-zero exit status 22.",
        "+ curl -fsS -u deploy:{} https://ci.example/api",
        "+ curl --user deploy:{} https://ci.example/api",
        "$ curl --proxy-user corp:{} https://ci.example",
        "$ mysql -h db -u root -p{} shop",
        "$ mysqladmin -u root --password={} ping",
        "$ redis-cli -h cache -a {} PING",
        "['redis-cli', '-h', 'cache', '-a', '{}', 'PING']",
        "$ docker login -u ci -p {} ghcr.io",
        "['docker', 'login', '--username', 'ci', '--password', '{}', 'ghcr.io']",
        "['docker', 'run', '-e', 'POSTGRES_PASSWORD={}', 'postgres:17']",
        "docker run --env MYSQL_ROOT_PASSWORD={} mysql:9",
        "$ kubectl create secret generic db --from-literal=password={}",
        "['kubectl', 'create', 'secret', 'generic', 'db', '--from-literal', 'password={}']",
        "$ kubectl config set-credentials ci --username=ci --password={}",
        "$ helm upgrade shop ./chart --set postgresql.auth.password={}",
        "$ sshpass -p {} ssh deploy@web",
        "['sshpass', '-p', '{}', 'ssh', 'web']",
        "$ sshpass -p'{}' scp a web:",
        "$ wget --http-password={} https://files.example/a",
        "$ az login --service-principal -u app -p {} --tenant t",
        "$ htpasswd -b -c users ci {}",
        "$ ldapsearch -x -D cn=admin -w {} -b dc=shop",
        "$ sqlcmd -S db -U sa -P {} -Q 'select 1'",
        "['sqlcmd', '-S', 'db', '-U', 'sa', '-P', '{}']",
        "$ openssl rsa -in key.pem -passin pass:{}",
        "$ rabbitmqctl add_user ci {}",
        "$ mc alias set local http://minio:9000 admin {}",
        "$ snowsql --password '{}' -q 'select 1'",
        # locals, reprs and settings
        "password   = '{}'",
        "db_passwd              = '{}'",
        "self       = <Client host=db>\npwd        = '{}'\nuser       = 'app'",
        "Settings(db_host='db', db_password='{}', debug=True)",
        "{{'user': 'app', 'passwd': '{}'}}",
        "ConnectionConfig(host='db', user='app', pw='{}')",
        "conn = connect(host='db', pw=\"{}\")",
        "requests.get(url, auth=('deploy', '{}'))",
        "auth       = ('deploy', '{}')",
        "httpx.BasicAuth(username='deploy', password='{}')",
        "<requests.auth.HTTPBasicAuth object username='deploy' password='{}'>",
        "HTTPBasicAuth('deploy', '{}')",
        "BasicAuth(login='deploy', password='{}', encoding='latin1')",
        "aiohttp.BasicAuth('deploy', '{}')",
        "HTTPDigestAuth('deploy', \"{}\")",
        "kwargs = {{'auth': ['deploy', '{}'], 'timeout': 3}}",
        '{{"http_auth": ["elastic", "{}"]}}',
        "basic_auth=('elastic', '{}')",
        "mock.call(user='app', password=b'{}')",
        "login: ci pass: {}",
        "user: ci\npass: {}",
        "pass: '{}'",
        "DB_PASS={}",
        "export PGPASSWORD='{}'",
        "SMTP_PASS='{}'",
        "MYSQL_PWD={} mysqldump shop",
        "machine api.example login ci password {}",
        "machine api.example\n  login ci\n  password {}",
        "default login anonymous password {}",
        "db:5432:shop:app:{}",  # .pgpass
        "1 validation error for Login\npassword\n  String should have at least 16 characters [type=string_too_short, input_value='{}', input_type=str]",
        "1 validation error for Settings\ndb_password\n  Value error, too weak [type=value_error, input_value='{}', input_type=str]\n    For further information visit https://errors.pydantic.dev/2/v/value_error",
        "[{{'type': 'string_too_short', 'loc': ('password',), 'msg': 'String should have at least 16 characters', 'input': '{}', 'ctx': {{'min_length': 16}}}}]",
        '{{"detail":[{{"type":"string_too_short","loc":["body","password"],"msg":"too short","input":"{}"}}]}}',
        "E         'password': '{}',",
        "E       - 'password': '{}'",
        "E   password:\nE     {}",
        "password:\n  {}\nuser: app",
        '  "password":\n    "{}",',
        "E         'db_password':\nE           '{}',",
        '<property name="DB_PASSWORD" value="{}"/>',
        '<property value="{}" name="DB_PASSWORD"/>',
        "<property name='db.password'>{}</property>",
        '<add key="SmtpPassword" value="{}" />',
        '<entry key="password">{}</entry>',
        '<env name="APP_PASSWORD" value="{}" />',
        "<ns:Password>{}</ns:Password>",
        '<wsse:Password Type="wsse:PasswordText">{}</wsse:Password>',
        "name: DB_PASSWORD\nvalue: {}",
        '- name: DB_PASSWORD\n  value: "{}"',
        '{{"name": "DB_PASSWORD", "value": "{}"}}',
        "[{{'Name': 'DB_PASSWORD', 'Value': '{}'}}]",
        # SQL
        "CREATE USER 'app'@'%' IDENTIFIED BY '{}'",
        "ALTER USER app IDENTIFIED WITH mysql_native_password BY '{}'",
        'create user app identified by "{}"',
        "CREATE ROLE app WITH LOGIN PASSWORD '{}'",
        "ALTER ROLE app PASSWORD '{}'",
        "ALTER USER app WITH ENCRYPTED PASSWORD '{}' VALID UNTIL 'infinity'",
        "CREATE LOGIN app WITH PASSWORD = '{}', CHECK_POLICY = OFF",
        "INSERT INTO users (name, password) VALUES ('ada', '{}')",
        'INSERT INTO "users" ("id", "password", "mail") VALUES (1, \'{}\', NULL) RETURNING id',
        "insert into accounts(login,passwd,role)values('ada','{}','admin')",
        "INSERT INTO users (name, password) VALUES ('a', 'plain'), ('ada', '{}')",
        "[SQL: INSERT INTO users (name, password) VALUES (?, ?)]\n[parameters: ('ada', '{}')]",
        "[SQL: UPDATE users SET password=? WHERE users.id = ?]\n[parameters: ('{}', 1)]",
        "[SQL: INSERT INTO users (name, password) VALUES (%(name)s, %(password)s)]\n[parameters: {{'name': 'ada', 'password': '{}'}}]",
        "UPDATE users SET password = '{}' WHERE id = 1",
        "UPDATE users SET name='ada', pw='{}' WHERE id = 1",
        "SELECT * FROM users WHERE name = 'ada' AND password = '{}'",
        "SET PASSWORD FOR 'app'@'%' = '{}'",
        "SET PASSWORD = '{}'",
        "GRANT ALL ON *.* TO 'app'@'%' IDENTIFIED BY '{}' WITH GRANT OPTION",
        # addresses
        "postgresql://app:{}@db:5432/shop",
        "could not connect to mysql+pymysql://root:{}@127.0.0.1/shop?charset=utf8",
        "rediss://default:{}@cache:6380/0",
        "ldap://cn=admin:{}@ldap.example",
        "sqlalchemy.engine.URL('mssql+pyodbc://sa:{}@db/shop?driver=x')",
        "snowflake://ada:{}@acct/db",
        "socks5://ada:{}@proxy:1080",
        "http_proxy=http://ada:{}@proxy:3128",
        "host=db port=5432 user=app password={} dbname=shop sslmode=require",
        "dsn = \"host='db' user='app' password='{}'\"",
        "Driver={{ODBC Driver 18 for SQL Server}};Server=db;UID=sa;PWD={};Encrypt=no",
        "Driver={{PostgreSQL}};Server=db;Uid=app;Pwd={{{}}};",
        "Server=db;Database=shop;User Id=sa;Password={};TrustServerCertificate=True",
        "jdbc:postgresql://db:5432/shop?user=app&password={}&ssl=true",
        "jdbc:sqlserver://db:1433;databaseName=shop;user=sa;password={};",
        "jdbc:oracle:thin:scott/{}@//db:1521/ORCL",
        "jdbc:mysql://app:{}@db:3306/shop",
        "oracle+cx_oracle://scott:{}@db",
        "smtp://mailer:{}@smtp.example:587",
        "sftp://ci:{}@files.example/in",
        "<Connection(host='db', port=5432, user='app', passwd='{}', db='shop')>",
        "Engine(mysql://app:{}@db/shop)",
        "Redis<ConnectionPool<Connection<host=cache,port=6379,password={},db=0>>>",
        "<redis.connection.Connection(username=default,password={},host=cache)>",
        "'data': b'username=ada&password={}&remember=1'",
        "body: username=ada&passwd={}",
        'form = {{"login": "ada", "pass": "{}"}}',
        "login('ada', '{}')",
        "client.authenticate('ada', \"{}\")",
        "password: |\n  {}",
        "password: >-\n  {}\nuser: ada",
        "<key>password</key><string>{}</string>",
        '<setting name="DbPassword"><value>{}</value></setting>',
        "$ twine upload -u ci -p {} dist/*",
        "$ poetry config http-basic.internal ci {}",
        "$ lftp -u ci,{} files.example",
        "expect(page.get_by_label('Password')).to_have_value('{}')",
        "passcode='{}'",
        "Passwort: {}",
        "client.set db_password {}",
        "page.fill('#password', '{}')",
        'Locator.fill("#password", "{}")',
        'page.get_by_label("Password").fill("{}")',
        "driver.find_element(By.ID, 'password').send_keys('{}')",
        "page.locator('input[name=password]').type('{}')",
        '--extra-vars "ansible_password={}"',
        "ansible_ssh_pass={}",
        "spring.datasource.password={}",
        "spring:\n  datasource:\n    password: {}",
        'login(username="ada", password="{}")',
        "assert login('ada', password='{}') is None",
        "&lt;password&gt;{}&lt;/password&gt;",
        "{{&quot;password&quot;: &quot;{}&quot;}}",
        "{{&#34;password&#34;:&#34;{}&#34;}}",
        "password&#x3D;&#x27;{}&#x27;",
        "{{\\u0022password\\u0022:\\u0022{}\\u0022}}",
        "password%3D{}%26user%3Dada",
        "%7B%22password%22%3A%22{}%22%7D",
    ),
    # what machines make, by its name
    R: (
        "token      = '{}'",
        "api_key    = '{}'",
        "self       = Client(base_url='https://api', api_key='{}')",
        "headers    = {{'X-Auth-Token': '{}', 'Accept': '*/*'}}",
        "Config(host='h', access_token=SecretStr('{}'))",
        "token=Token(value='{}', expires=3600)",
        "ApiKeyAuth(key='{}')",
        "1 validation error for Settings\napi_key\n  Extra inputs are not permitted [type=extra_forbidden, input_value='{}', input_type=str]",
        "api_token\n  Input should be a valid integer [type=int_parsing, input_value='{}', input_type=str]",
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\njwt_secret.value\n  Input should be a valid dictionary [type=dict_type, input_value='{}', input_type=str]",
        '<property name="API_KEY" value="{}"/>',
        '<property value="{}" name="API_KEY"/>',
        "&lt;property name=&quot;API_KEY&quot; value=&quot;{}&quot;/&gt;",
        "secret_key:\n  {}",
        "E   'api_key':\nE   '{}'",
        "https://maps.example/v1/geo?key={}&q=x",
        "GET /v1/data?apikey={} HTTP/1.1",
        "https://app.example/callback?code={}&state=abc",
        "/oauth2/callback?state=x1y2&code={}",
        "grant_type=authorization_code&code={}&redirect_uri=https%3A%2F%2Fapp",
        "{{'grant_type': 'authorization_code', 'code': '{}', 'client_id': 'web'}}",
        "grant_type=refresh_token&refresh_token={}",
        "code_verifier={}&grant_type=authorization_code",
        "https://app.example/callback#access_token={}&token_type=bearer",
        "https://app.example/callback#id_token={}",
        "client_assertion={}",
        "SAMLResponse={}",
        "https://app.example/reset?token={}",
        "wss://ws.example/socket?ticket={}&v=2",
        "wss://ws.example/socket?auth={}",
        "https://ws.example/socket.io/?EIO=4&transport=polling&sid={}",
        "https://{}@o123456.ingest.sentry.io/4501234567890123",
        "SENTRY_DSN=https://{}@sentry.example/42",
        "sentry_sdk.init('https://{}@o1.ingest.de.sentry.io/2')",
        '{{"type": "service_account", "private_key_id": "{}"}}',
        "['curl', '-H', 'X-Api-Key: {}', 'https://api']",
        "['curl', '-H', 'Authorization: Bearer {}', 'https://api']",
        'curl -H "PRIVATE-TOKEN: {}" https://git.example',
        "> X-Api-Key: {}\n> Accept: */*",
        "> authorization: Bearer {}",
        "< set-cookie: sid={}; Path=/; HttpOnly",
        "[h2] [1] [authorization: Bearer {}]",
        "[HTTP/2] [1] [x-api-key: {}]",
        "send: b'GET / HTTP/1.1\\r\\nHost: api\\r\\nX-Api-Key: {}\\r\\nAccept: */*\\r\\n\\r\\n'",
        "header: Set-Cookie: session={}; Path=/",
        "(b'x-api-key', b'{}')",
        "[(b'Host', b'api'), (b'X-Auth-Token', b'{}')]",
        "Headers([('host', 'api'), ('authorization', 'Token {}')])",
        "Headers({{'host': 'api', 'x-api-key': '{}'}})",
        "[['authorization', 'Bearer {}'], ['accept', '*/*']]",
        "Request(method=GET, headers=[(b'cookie', b'sid={}')])",
        "'proxy-authorization': 'Basic {}'",
        "<Cookie session={} for api.example/>",
        "<RequestsCookieJar[<Cookie sessionid={} for api.example/>]>",
        "<Cookies[<Cookie csrftoken={} for .example /]>",
        "<SimpleCookie: session='{}'>",
        "<Morsel: session={}; Path=/>",
        "Set-Cookie: auth={}; HttpOnly; Secure",
        "[{{'name': 'session', 'value': '{}', 'domain': 'app.example', 'path': '/', 'httpOnly': True}}]",
        "[{{'domain': 'app.example', 'expires': -1, 'httpOnly': True, 'name': 'sid', 'path': '/', 'sameSite': 'Lax', 'value': '{}'}}]",
        '{{"cookies": [{{"name": "auth", "value": "{}", "domain": "app.example", "path": "/"}}], "origins": []}}',
        "cookies={{'connect.sid': '{}'}}",
        "cookies    = {{'sessionid': '{}'}}",
        "session_id='{}'",
        "sessionid = {}",
        "PHPSESSID={}; path=/",
        "JSESSIONID={}",
        "ASP.NET_SessionId={}; path=/",
        'csrf_token="{}"',
        "csrfmiddlewaretoken={}&username=ada",
        '<input type="hidden" name="csrf_token" value="{}">',
        "<input value='{}' type='hidden' name='authenticity_token'>",
        "localStorage.setItem('access_token', '{}')",
        "os.environ['API_TOKEN'] = '{}'",
        "monkeypatch.setenv('API_TOKEN', '{}')",
        "environ({{'API_TOKEN': '{}', 'HOME': '/root'}})",
        "API_TOKEN={}",
        'API_TOKEN = "{}"',
        "export API_TOKEN={}",
        "$env:API_TOKEN = '{}'",
        "set API_TOKEN={}",
        "ENV API_TOKEN={}",
        "ENV API_TOKEN {}",
        "$ aws configure set aws_secret_access_key {}",
        "E     token=(\nE       '{}'\nE     )",
        "<setting name='ApiKey'>\n  <value>{}</value>\n</setting>",
        "env:\n  API_TOKEN: {}",
        "['--token', '{}']",
        "['kubectl', '--token={}', 'get', 'pods']",
        "['gh', 'auth', 'login', '--with-token', '{}']",
        "--api-key {}",
        "cmd = ('deploy', '--api-key', '{}')",
        '["deploy", "--client-secret", "{}"]',
        "$ vault login token={}",
        "call('Client', api_key='{}')",
        "Expected: call(token='{}')\n  Actual: call(token=None)",
        "E       AssertionError: expected call not found.\nE       Expected: post('https://api', headers={{'Api-Key': '{}'}})",
        "Client(token=b'{}')",
        "{{'Credentials': {{'SecretAccessKey': '{}'}}}}",
        "aws_session_token={}",
        "x-amz-security-token: {}",
        "X-Amz-Security-Token={}&X-Amz-Date=20260101T000000Z",
        "Credentials(access_key='A', secret_key='{}', token=None)",
        '{{"accessToken":"{}","expiresIn":3600}}',
        "{{'refresh_token': '{}'}}",
        '"id_token": "{}"',
        "access_token: {}",
        "&lt;token&gt;{}&lt;/token&gt;",
        "<AccessToken>{}</AccessToken>",
        'authToken\\": \\"{}\\"',
        "%22api_key%22%3A%22{}%22",
        "api_key&#61;{}",
        "otp_secret='{}'",
        "signing_secret: {}",
        "encryption_key = {}",
        "webhook_secret => '{}'",
        "Authorization: ApiKey {}",
        "Authorization: token {}",
        "Authorization: {}",
        "authorization=Bearer%20{}",
        "grpc metadata: (('authorization', 'Bearer {}'),)",
        "_Metadatum(key='authorization', value='Bearer {}')",
        "Metadata((('x-api-key', '{}'),))",
    ),
}  # fmt: skip


def _in_contexts() -> list[Shape]:
    return [
        Shape(f"context: {context[:70]!r}", context.format(secret), secret)
        for secret, contexts in _CONTEXTS.items()
        for context in contexts
    ]


# name, what stands before the secret part, the secret part, what stands after; the vendors' own prefixes are split.
_VENDORS: tuple[tuple[str, str, str, str], ...] = (
    ("1password service account", "ops" + "_ey" + "J", made(260, B64, "1p"), "="),
    ("1password secret key", "A3" + "-", "-".join(made(n, UPPER, f"1p{k}") for k, n in enumerate((6, 11, 5, 5, 5))), ""),
    ("adobe client secret", "p8" + "e-", made(32, LOWER, "adobe"), ""),
    ("age", "AGE-SECRET" + "-KEY-1", made(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", "age"), ""),
    ("airtable", "pat" + made(14, ALNUM, "at") + ".", made(64, HEX, "airtable"), ""),
    ("alibaba secret", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=", made(30, ALNUM, "ali"), ""),
    ("alibaba id", "LTA" + "I", made(20, ALNUM, "alid"), ""),
    ("anthropic", "sk-" + "ant-api03-", made(93, ALNUM, "ant") + "AA", ""),
    ("artifactory api key", "AKC" + "p", made(69, ALNUM, "art"), ""),
    ("artifactory reference token", "cmVmdGtu" + "", "OjAx" + made(56, ALNUM, "artref"), ""),
    ("atlassian", "ATA" + "TT3xFfGF0", made(180, ALNUM, "atl") + "=" + made(8, UPPER[26:] + "ABCDEF", "atl"), ""),
    ("atlassian bitbucket app password", "ATB" + "B", made(32, ALNUM, "atbb"), ""),
    ("aws secret", "AWS_SECRET_ACCESS_KEY=", made(40, B64, "aws"), ""),
    ("aws session token", "AWS_SESSION_TOKEN=", "IQoJ" + "b3JpZ2luX2Vj" + made(300, B64, "awss"), "=="),
    ("aws key id", "AK" + "IA", made(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "awsid"), ""),
    ("aws bedrock", "ABS" + "K", made(128, B64, "bedrock") + "=", ""),
    ("azure storage", "AccountName=shop;AccountKey=", made(86, B64, "azst"), "==;EndpointSuffix=core.windows.net"),
    ("azure sas", "https://shop.blob.core.windows.net/c?sv=2026&se=2027&sr=b&sp=r&sig=", quote(made(43, ALNUM, "sas") + "=", safe=""), ""),
    ("azure client secret", "abc" + "8Q" + "~", made(34, ALNUM, "azc"), ""),
    ("azure devops pat", "AZURE_DEVOPS_EXT_PAT=", made(52, LOWER, "ado"), ""),
    ("azure devops pat, new", "", made(52, ALNUM, "ado1") + made(24, ALNUM, "ado2") + "AZDO" + made(4, ALNUM, "ado3"), ""),
    ("azure service bus", "Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey=", made(43, ALNUM, "sb"), "="),
    ("buildkite", "bku" + "a_", made(40, LOWER, "bk"), ""),
    ("cerebras", "csk" + "-", made(48, LOWER, "csk"), ""),
    ("circleci", "CCIPAT" + "_", made(22, ALNUM, "cci") + "_" + made(40, HEX, "cci"), ""),
    ("clerk", "sk_" + "live_", made(40, ALNUM, "clerk"), ""),
    ("clickhouse", "4b1" + "d", made(38, ALNUM, "ch"), ""),
    ("clojars", "CLOJARS" + "_", made(60, LOWER, "clj"), ""),
    ("cloudflare api token", "CLOUDFLARE_API_TOKEN=", made(40, ALNUM, "cf"), ""),
    ("cloudflare origin ca", "v1.0-", made(24, HEX, "cfo") + "-" + made(146, HEX, "cfo"), ""),
    ("cohere", "COHERE_API_KEY=", made(40, ALNUM, "co"), ""),
    ("confluent", "CONFLUENT_API_SECRET=", made(64, B64, "conf"), ""),
    ("contentful management", "CFP" + "AT-", made(43, ALNUM, "cfpat"), ""),
    ("contentful delivery", "contentful_delivery_token = ", made(43, ALNUM, "cfd"), ""),
    ("databricks", "da" + "pi", made(32, HEX, "dapi"), ""),
    ("databricks with a suffix", "da" + "pi", made(32, HEX, "dapi2") + "-2", ""),
    ("datadog api key", "DD_API_KEY=", made(32, HEX, "dd"), ""),
    ("datadog app key", "DD_APPLICATION_KEY: ", made(40, HEX, "dda"), ""),
    ("deepseek", "sk-", made(32, HEX, "ds"), ""),
    ("digitalocean", "dop" + "_v1_", made(64, HEX, "do"), ""),
    ("digitalocean oauth", "doo" + "_v1_", made(64, HEX, "doo"), ""),
    ("discord bot", "", "MT" + made(22, ALNUM, "dc1") + "." + made(6, ALNUM, "dc2") + "." + made(38, ALNUM, "dc3"), ""),
    ("docker", "dckr" + "_pat_", made(27, ALNUM, "dckr"), ""),
    ("docker organisation", "dckr" + "_oat_", made(32, ALNUM, "oat"), ""),
    ("doppler", "dp." + "pt.", made(43, ALNUM, "dp"), ""),
    ("doppler service", "dp." + "st.prd.", made(43, ALNUM, "dps"), ""),
    ("dropbox", "sl" + ".", "u." + made(140, ALNUM, "dbx"), ""),
    ("duffel", "duffel" + "_live_", made(43, ALNUM, "duf"), ""),
    ("dynatrace", "dt0" + "c01.", made(24, UPPER, "dt") + "." + made(64, UPPER, "dt"), ""),
    ("easypost", "EZ" + "AK", made(54, ALNUM, "ez"), ""),
    ("elevenlabs", "ELEVENLABS_API_KEY=sk_", made(48, HEX, "11"), ""),
    ("facebook", "EA" + "A", made(180, ALNUM, "fb"), ""),
    ("facebook app secret", "FACEBOOK_APP_SECRET=", made(32, HEX, "fbs"), ""),
    ("fastly", "FASTLY_API_TOKEN=", made(32, ALNUM, "fastly"), ""),
    ("figma", "figd" + "_", made(40, ALNUM, "figd"), ""),
    ("flutterwave", "FLWSECK" + "_TEST-", made(32, HEX[:14], "flw") + "-X", ""),
    ("fly.io", "fo1" + "_", made(43, ALNUM, "fo1"), ""),
    ("fly.io macaroon", "fm" + "2_", made(200, B64, "fm2"), ""),
    ("gcp api key", "AI" + "za", made(35, ALNUM, "aiza"), ""),
    ("github", "gh" + "p_", made(36, ALNUM, "ghp"), ""),
    ("github fine-grained", "github" + "_pat_", made(22, ALNUM, "gpat") + "_" + made(59, ALNUM, "gpat"), ""),
    ("gitlab", "glp" + "at-", made(20, ALNUM, "glpat"), ""),
    ("gitlab routable", "glp" + "at-", made(27, ALNUM, "glr") + ".01." + made(9, LOWER, "glr"), ""),
    ("gitlab job", "glc" + "bt-", made(5, ALNUM, "glcbt") + "_" + made(20, ALNUM, "glcbt"), ""),
    ("google oauth", "ya" + "29.", made(120, ALNUM, "ya"), ""),
    ("google oauth secret", "GOCS" + "PX-", made(28, ALNUM, "gocspx"), ""),
    ("grafana", "gls" + "a_", made(32, ALNUM, "glsa") + "_" + made(8, HEX, "glsa"), ""),
    ("grafana cloud", "glc" + "_ey", made(100, ALNUM, "glc"), ""),
    ("groq", "gs" + "k_", made(52, ALNUM, "gsk"), ""),
    ("harness", "pat" + ".", made(22, ALNUM, "har") + "." + made(24, HEX, "har") + "." + made(20, ALNUM, "har"), ""),
    ("heroku", "HRKU" + "-AA", made(58, ALNUM, "hrku"), ""),
    ("heroku, old", "HEROKU_API_KEY=", uuid("heroku"), ""),
    ("hubspot", "HUBSPOT_ACCESS_TOKEN=pat-eu1-", uuid("hub"), ""),
    ("hugging face", "hf" + "_", made(34, string.ascii_letters, "hf"), ""),
    ("ibm", "IBMCLOUD_API_KEY=", made(44, ALNUM, "ibm"), ""),
    ("infracost", "ico" + "-", made(32, ALNUM, "ico"), ""),
    ("intercom", "INTERCOM_ACCESS_TOKEN=dG9r", made(56, ALNUM, "ic"), ""),
    ("jwt", "token ", jwt("s"), " has expired"),
    ("langsmith", "lsv2" + "_pt_", made(32, HEX, "ls") + "_" + made(10, HEX, "ls"), ""),
    ("launchdarkly", "LD_SDK_KEY=sdk-", uuid("ld"), ""),
    ("launchdarkly access", "LAUNCHDARKLY_ACCESS_TOKEN=api-", uuid("lda"), ""),
    ("linear", "lin" + "_api_", made(40, ALNUM, "lin"), ""),
    ("mailchimp", "", made(32, HEX, "mc") + "-us" + "14", ""),
    ("mailgun", "key" + "-", made(32, HEX, "mg"), ""),
    ("mapbox", "sk" + ".eyJ1Ijoi", made(70, ALNUM, "mb") + "." + made(22, ALNUM, "mb"), ""),
    ("mistral", "MISTRAL_API_KEY=", made(32, ALNUM, "mistral"), ""),
    ("mongodb atlas", "mdb" + "_sa_sk_", made(40, ALNUM, "mdb"), ""),
    ("netlify", "nf" + "p_", made(36, ALNUM, "nfp"), ""),
    ("new relic", "NR" + "AK-", made(27, UPPER, "nrak"), ""),
    ("new relic license", "NEW_RELIC_LICENSE_KEY=", made(36, HEX, "nrl") + "NRAL", ""),
    ("notion", "nt" + "n_", made(11, "0123456789", "ntn") + made(35, ALNUM, "ntn"), ""),
    ("notion, old", "secret" + "_", made(43, ALNUM, "notion"), ""),
    ("npm", "np" + "m_", made(36, ALNUM, "npm"), ""),
    ("nvidia", "nva" + "pi-", made(64, ALNUM, "nv"), ""),
    ("octopus deploy", "API" + "-", made(26, UPPER, "octo"), ""),
    ("okta", "OKTA_API_TOKEN=00", made(40, ALNUM, "okta"), ""),
    ("okta header", "Authorization: SSWS 00", made(40, ALNUM, "okta2"), ""),
    ("openai", "sk-" + "proj-", made(74, ALNUM, "oa") + "T3BlbkFJ" + made(74, ALNUM, "oa2"), ""),
    ("openrouter", "sk-" + "or-v1-", made(64, HEX, "or"), ""),
    ("openshift", "sha256" + "~", made(43, ALNUM, "os"), ""),
    ("paypal", "access_token" + "$production$", made(16, LOWER, "pp") + "$" + made(32, HEX, "pp"), ""),
    ("perplexity", "pplx" + "-", made(48, ALNUM, "pplx"), ""),
    ("pinecone", "pcsk" + "_", made(6, ALNUM, "pc") + "_" + made(63, ALNUM, "pc"), ""),
    ("plaid", "access" + "-sandbox-", uuid("plaid"), ""),
    ("planetscale", "pscale" + "_tkn_", made(43, ALNUM, "ps"), ""),
    ("planetscale password", "pscale" + "_pw_", made(43, ALNUM, "psp"), ""),
    ("postman", "PMA" + "K-", made(24, HEX, "pm") + "-" + made(34, HEX, "pm"), ""),
    ("posthog", "ph" + "x_", made(43, ALNUM, "phx"), ""),
    ("prefect", "pn" + "u_", made(36, ALNUM, "pnu"), ""),
    ("private key", PEM_HEAD + "\n", PEM_LINES[2], "\n" + PEM_TAIL),
    ("pulumi", "pul" + "-", made(40, HEX, "pul"), ""),
    ("pypi", "pyp" + "i-AgEIcHlwaS5vcmc", made(150, ALNUM, "pypi"), ""),
    ("razorpay", "RAZORPAY_KEY_SECRET=", made(24, ALNUM, "rzp"), ""),
    ("readme", "rdme" + "_", made(70, LOWER, "rdme"), ""),
    ("render", "rn" + "d_", made(32, ALNUM, "rnd"), ""),
    ("replicate", "r8" + "_", made(37, ALNUM, "r8"), ""),
    ("resend", "re" + "_", made(8, ALNUM, "re") + "_" + made(24, ALNUM, "re"), ""),
    ("rubygems", "rubygems" + "_", made(48, HEX, "rg"), ""),
    ("scalingo", "tk-us" + "-", made(48, ALNUM, "tkus"), ""),
    ("segment", "SEGMENT_WRITE_KEY=", made(32, ALNUM, "seg"), ""),
    ("sendgrid", "SG" + ".", made(22, ALNUM, "sg") + "." + made(43, ALNUM, "sg"), ""),
    ("sendinblue", "xkeysib" + "-", made(64, HEX, "sib") + "-" + made(16, ALNUM, "sib"), ""),
    ("sentry organisation", "sntrys" + "_eyJpYXQiO", made(80, ALNUM, "sn") + "LCJyZWdpb25fdXJs" + made(20, ALNUM, "sn") + "=_" + made(43, ALNUM, "sn"), ""),
    ("sentry user", "sntryu" + "_", made(64, HEX, "snu"), ""),
    ("shippo", "shippo" + "_live_", made(40, HEX, "shippo"), ""),
    ("shopify", "shp" + "at_", made(32, HEX, "shpat"), ""),
    ("slack bot", "xo" + "xb-", "123456789012-123456789012-" + made(24, ALNUM, "xoxb"), ""),
    ("slack config", "xox" + "e.xoxp-1-", made(160, ALNUM, "xoxe"), ""),
    ("slack session", "xo" + "xc-", "123456789012-123456789012-123456789012-" + made(64, HEX, "xoxc"), ""),
    ("slack session cookie", "xo" + "xd-", made(100, ALNUM, "xoxd"), ""),
    ("slack app", "xap" + "p-1-A0123456789-1234567890-", made(64, HEX, "xapp"), ""),
    ("slack webhook", "https://hooks.slack" + ".com/services/T0ABCDEFG/B0ABCDEFG/", made(24, ALNUM, "hook"), ""),
    ("teams webhook", "https://shop.webhook.office" + ".com/webhookb2/" + uuid("t") + "@" + uuid("u") + "/IncomingWebhook/", made(32, HEX, "teams"), "/" + uuid("v")),
    ("discord webhook", "https://discord" + ".com/api/webhooks/123456789012345678/", made(68, ALNUM, "dhook"), ""),
    ("snyk", "SNYK_TOKEN=", uuid("snyk"), ""),
    ("sonar", "sq" + "p_", made(40, HEX, "sqp"), ""),
    ("sourcegraph", "sg" + "p_", made(16, HEX, "sgp") + "_" + made(40, HEX, "sgp"), ""),
    ("square", "sq0" + "atp-", made(22, ALNUM, "sq0"), ""),
    ("square, new", "EAAA" + "l", made(59, ALNUM, "sqn"), ""),
    ("stripe", "sk_" + "test_", made(24, ALNUM, "stripe"), ""),
    ("stripe webhook", "whs" + "ec_", made(32, ALNUM, "whsec"), ""),
    ("supabase", "sb" + "p_", made(40, HEX, "sbp"), ""),
    ("supabase secret key", "sb" + "_secret_", made(22, ALNUM, "sbs") + "_" + made(8, ALNUM, "sbs"), ""),
    ("tailscale", "ts" + "key-auth-", made(12, ALNUM, "ts") + "CNTRL-" + made(32, ALNUM, "ts"), ""),
    ("telegram", "bot123456789" + ":A" + "A", made(33, ALNUM, "tg"), ""),
    ("tencent id", "AK" + "ID", made(32, ALNUM, "tencent"), ""),
    ("tencent key", "TENCENTCLOUD_SECRET_KEY=", made(32, ALNUM, "tencentk"), ""),
    ("terraform", "", made(14, ALNUM, "tf") + ".atlas" + "v1." + made(67, ALNUM, "tf"), ""),
    ("twilio", "S" + "K", made(32, HEX, "tw"), ""),
    ("twitch", "TWITCH_CLIENT_SECRET=", made(30, LOWER, "twitch"), ""),
    ("twitter bearer", "A" * 22, made(80, ALNUM, "twb"), ""),
    ("typeform", "tf" + "p_", made(44, ALNUM, "tfp"), ""),
    ("vault service", "hv" + "s.", made(95, ALNUM, "hvs"), ""),
    ("vault batch", "hv" + "b.", made(138, ALNUM, "hvb"), ""),
    ("vault, old", "X-Vault-Token: s" + ".", made(24, ALNUM, "s."), ""),
    ("vercel", "vc" + "p_", made(56, ALNUM, "vcp"), ""),
    ("vercel, old", "VERCEL_TOKEN=", made(24, ALNUM, "vercel"), ""),
    ("voyage", "pa" + "-", made(43, ALNUM, "pa"), ""),
    ("weights and biases", "WANDB_API_KEY=", made(40, HEX, "wandb"), ""),
    ("weights and biases, new", "wandb" + "_v1_", made(77, ALNUM, "wandb1"), ""),
    ("xai", "xai" + "-", made(80, ALNUM, "xai"), ""),
    ("yandex", "AQ" + "VN", made(36, ALNUM, "yc"), ""),
    ("zendesk", "ZENDESK_API_TOKEN=", made(40, ALNUM, "zd"), ""),
    ("algolia", "ALGOLIA_ADMIN_API_KEY=", made(32, HEX, "alg"), ""),
    ("asana", "ASANA_ACCESS_TOKEN=2/1201234567890123/1201234567890124:", made(32, HEX, "asana"), ""),
    ("adyen", "ADYEN_API_KEY=AQE", made(90, ALNUM, "adyen"), ""),
    ("hcp client secret", "HCP_CLIENT_SECRET=", made(64, ALNUM, "hcp"), ""),
)  # fmt: skip


def _vendors() -> list[Shape]:
    return [
        Shape(f"vendor: {name}", f"E   ClientError: rejected {before}{secret}{after}\nnext line", secret)
        for name, before, secret, after in _VENDORS
    ]


def _addresses() -> list[Shape]:
    """Passwords in addresses that hold what ends them elsewhere: `@`, `/`, `:`, `#`, `?`, blanks."""
    passwords = (
        "p@ss" + "w0rd9",
        "pa/ss" + "w0rd9",
        "pa:ss" + "w0rd9",
        "p@s/s:" + "w0rd9",
        "pa#ss" + "w0rd9",
        "pa ss" + " w0rd9",
    )
    hosts = ("postgresql://app:{}@db.example:5432/shop", "redis://:{}@cache:6379/0", "amqp://app:{}@mq.example/v", "mongodb+srv://app:{}@c0.example.net/?w=1",
             "dsn = 'mysql+asyncmy://root:{}@db/shop'", "https://ci:{}@git.example/o/r.git")  # fmt: skip
    return [
        Shape(f"address: {password!r} in {host[:20]!r}", host.format(password), password)
        for password in passwords
        for host in hosts
    ]


def _forms() -> list[Shape]:
    """Secrets that were met by their context and stand bare, or in another form, further down."""
    met = f"api_key = '{R}'\n"
    raw = R.encode()
    forms = {
        "bare": R,
        "hex": raw.hex(),
        "hex in capitals": raw.hex().upper(),
        "base64": base64.b64encode(raw).decode(),
        "bare in a URL": f"https://api.example/{R}/x",
    }
    return [
        Shape(f"met before: {name}", f"{met}later: {form} end", form.rsplit("…", 1)[-1].removeprefix("https://api.example/").removesuffix("/x"))
        for name, form in forms.items()
    ]  # fmt: skip


def _wrapped() -> list[Shape]:
    """Secrets that a console or pytest's diff cut over two lines, and keys of several lines."""
    quoted = json.dumps("\n".join([PEM_HEAD, *PEM_LINES, PEM_TAIL]))
    rows = [
        ("pytest's diff", f"E         'api_key': '{R[:16]}'\nE                    '{R[16:]}',", R[:16], R[16:]),
        ("implicit join", f"token = ('{H[:20]}'\n         '{H[20:]}')", H[:20], H[20:]),
        ("a hard wrap", f"api_key={H[:30]}\n{H[30:]}", H[:30], None),
        ("service account JSON", f'{{"type": "service_account", "private_key": {quoted}}}', PEM_LINES[0], PEM_LINES[4]),
        ("a key in a diff", "\n".join(f"E       + {line}" for line in (PEM_HEAD, *PEM_LINES, PEM_TAIL)), PEM_LINES[1], PEM_LINES[3]),
        ("a key in a repr", repr(f"{PEM_HEAD}\n{PEM_LINES[0]}\n{PEM_LINES[1]}\n"), PEM_LINES[0], PEM_LINES[1]),
    ]  # fmt: skip
    return [
        Shape(f"wrapped: {name}, part {n}", text, part)
        for name, text, *parts in rows
        for n, part in enumerate(parts)
        if part
    ]


def _escaped() -> list[Shape]:
    """Names and values as other layers write them: in HTML, JSON in JSON, URLs."""
    secret = "it's<9>&" + S
    return [
        Shape("escaped: HTML", f"password=&quot;{html.escape(secret)}&quot;", S),
        Shape("escaped: JSON", json.dumps({"password": secret}), S),
        Shape("escaped: JSON in JSON", json.dumps(json.dumps({"password": secret})), S),
        Shape("escaped: a repr", repr({"password": secret}), S),
        Shape("escaped: a form", f"password={quote(secret, safe='')}&x=1", S),
    ]


SHAPES: list[Shape] = [
    *_in_contexts(),
    *_vendors(),
    *_addresses(),
    *_forms(),
    *_wrapped(),
    *_escaped(),
]
