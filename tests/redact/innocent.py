"""At least 250 texts without a secret, each as test runs print it, which redaction has to leave as they are.

Import them as `from tests.redact.innocent import INNOCENT`. Digests and ids are made from a seed.
"""

from tests.redact.shapes import ALNUM, B64, HEX, LOWER, made, uuid

SHA, SHA256, MD5 = made(40, HEX, "sha"), made(64, HEX, "sha256"), made(32, HEX, "md5")
U, TRACE, SPAN = uuid("innocent"), made(32, HEX, "trace"), made(16, HEX, "span")
ULID = "01" + made(24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", "ulid")
IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" + made(400, B64, "png")

INNOCENT: list[str] = [
    # commits, digests, ids
    f"commit {SHA}", f"HEAD is now at {SHA[:9]} Fix token refresh", f"git checkout {SHA}", f"{SHA[:7]}..{SHA[-7:]}",
    f"https://github.com/acme/shop/commit/{SHA}", f"https://github.com/acme/shop/blob/{SHA}/auth/token.py#L10",
    f"GITHUB_SHA={SHA}", f"revision: {SHA}", f"ref={SHA[:12]}", f"merge base {SHA}", f"index {SHA[:7]}..{SHA[-7:]} 100644",
    f"sha256:{SHA256}", f"ghcr.io/acme/shop@sha256:{SHA256}", f"image digest sha256:{SHA256}", f"Digest: sha256:{SHA256}",
    f"shop:1.2.3@sha256:{SHA256}", f"docker.io/library/postgres:17.2-alpine@sha256:{SHA256}", f"layer {SHA256[:12]}: Pull complete",
    f"container {SHA256[:12]} exited", f"container_id={SHA256}", f"--hash=sha256:{SHA256}", f"checksum {SHA256} mismatch",
    f"integrity=\"sha384-{made(64, B64, 'sri')}\"", f"\"integrity\": \"sha512-{made(86, B64, 'npm')}==\"", f"sha256-{made(43, B64, 'nix')}=",
    f"md5={MD5}", f'ETag: "{MD5}"', f'etag=W/"{MD5[:12]}"', f'If-None-Match: W/"{SHA[:20]}"', f"Content-MD5: {made(22, B64, 'md5')}==",
    f"request_id={U}", f"x-request-id: {U}", f"X-Correlation-Id: {U}", f"id={U}", f"user {U} not found", f"/v1/orders/{U}/items",
    f"{{'id': '{U}', 'state': 'queued'}}", f"correlation_id='{U}'", f"session {U} closed", f"UUID('{U}')", f"urn:uuid:{U}",
    f"trace_id={TRACE}", f"trace {TRACE} span {SPAN}", f"traceparent: 00-{TRACE}-{SPAN}-01", f"span_id={SPAN}", f"dd.trace_id={int(SPAN, 16)}",
    f"X-Amzn-Trace-Id: Root=1-{made(8, HEX)}-{made(24, HEX)}", f"X-B3-TraceId: {TRACE}", f"x-cloud-trace-context: {TRACE}/1;o=1",
    f"sentry-trace: {TRACE}-{SPAN}-1", f"event_id={TRACE}", f"x-amz-request-id: {made(16, HEX, 'amz').upper()}", f"cf-ray: {SPAN}-FRA",
    f"x-amz-id-2: {made(76, B64, 'amzid2')}", f"order {ULID} shipped", f"id='{ULID}'", f"cuid=c{made(24, LOWER, 'cuid')}",
    f"nanoid {made(21, ALNUM, 'nano')}", f"cursor={made(44, B64, 'cursor')}==", f"endCursor: \"Y3Vyc29yOnYyOpK5{made(20, ALNUM, 'gql')}==\"",
    f"next_page_token={made(30, ALNUM, 'page')}", f"pageToken: {made(30, ALNUM, 'page')}", f"continuation_token='{made(40, ALNUM, 'cont')}'",
    f"script-src 'nonce-{made(22, B64, 'nonce')}==' 'strict-dynamic'", f"<script nonce=\"{made(24, B64, 'nonce2')}\">",
    f"object at 0x{made(12, HEX, 'addr')}", f"<Client object at 0x{made(12, HEX, 'addr')}>", f"Sec-WebSocket-Key: {made(22, B64, 'wsk')}==",
    f"Sec-WebSocket-Accept: {made(27, B64, 'wsa')}=", f"task-{TRACE}", f"job {made(8, HEX)} failed", "run_id=1757534512345678",
    f"partition_key={U}", "primary_key=42", "sort_key='2026-01-01#order'", "cache_key=user:42:profile:v2", f"object key reports/{SHA}.json",
    f"s3://acme-reports/{SHA}/junit.xml", f"idempotency_key={U}", f"Idempotency-Key: {U}", f"dedup_key={MD5}", "routing_key='orders.created.v2'",
    "foreign_key=orders.user_id", f"public_key_id={SHA[:16]}", "key=ws.close-k7m2q4x3a2bc", f"lock key orders:{U}", f"keyid:{SHA[:16]}",
    f"known_hosts: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{made(43, ALNUM, 'pub')}", f"ssh-rsa AAAAB3NzaC1yc2E{made(340, B64, 'pubrsa')} ci@host",
    "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", f"SHA256:{made(43, B64, 'fp')} ci@host (ED25519)",
    f"fingerprint {':'.join(MD5[n:n + 2] for n in range(0, 32, 2))}",
    # infrastructure
    "pod/shop-backend-staging-7d9f8b6c5d-x2x4z", "shop-worker-6f7c9d8b5-abcde 0/1 CrashLoopBackOff", "replicaset.apps/shop-5d4f8c7b9",
    "arn:aws:iam::123456789012:role/ci-deploy", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/db-AbCdEf",
    "arn:aws:sns:eu-west-1:123456789012:password-reset", "projects/acme-staging/secrets/jwt-secret/versions/3",
    "secretKeyRef: {name: shop-db, key: password}", "valueFrom:\n  secretKeyRef:\n    name: shop-db\n    key: password",
    "kind: Secret\nmetadata:\n  name: shop-db", "secretName: tls-cert-2026", "imagePullSecrets:\n- name: regcred", "serviceAccountName: default",
    'Error: secret "shop-db-credentials" not found', "vault kv get secret/shop/db", "secret/data/shop/db#password",
    "docker run -p 8080:80 nginx:1.27", "docker run -p 5432:5432 postgres:17", "['docker', 'run', '-p', '8080:80', 'nginx']", "docker login ghcr.io",
    "ssh -p 2222 deploy@web", "['ssh', '-p', '2222', 'web']", "pytest -p no:cacheprovider -p xdist", "['pytest', '-p', 'no:randomly']",
    "mkdir -p build/reports", "cp -p a b", "ps -p 12345", "nmap -p 1-1024 host", "psql -p 5432 -U app -h db", "psql -U postgres -d shop",
    "curl -u $USER:$PASSWORD https://ci", 'curl -u "${CI_USER}:${CI_TOKEN}" https://ci', "curl -sS https://ci.example/api", "curl --user-agent Mozilla/5.0 https://x",
    "['curl', '-U', 'https://x']", "mysql -u root -h db shop", "mysql -p$MYSQL_PWD shop", "redis-cli -h cache -p 6379 ping", "git commit -a -m 'x'",
    "tar -xzf a.tgz -C /tmp", "unzip -q a.zip -d out", "grep -u pattern file", "python -u -m pytest", "docker-compose up -d", "node -p process.version",
    # addresses
    "postgresql://db:5432/shop", "postgresql://app@db:5432/shop", "redis://cache:6379/0", "amqp://mq.example/v", "https://api.example:8443/v1?x=1",
    "postgres://app:***@db/shop", "postgres://app:${DB_PASSWORD}@db/shop", "postgres://app:<password>@db/shop", "mysql://user:$PASS@db/x",
    "git@github.com:acme/shop.git", "ssh://git@github.com/acme/shop", "https://github.com/acme/shop/actions/runs/17512345678/job/49123456789",
    "wss://api.staging.example/ws?code=1011", "?code=1011&reason=internal", "/callback?error=access_denied&error_code=E1011", "?code=404", "&code=INVALID_ARGUMENT",
    "https://x.example/?key=name&value=2", "https://x.example/items?sort_key=created_at", "?key=orders", "/map?key=${KEY}", "https://x.example/?auth=required",
    "https://x.example/a?sid=42", "?token=<token>", "?access_token=***", "https://x/oauth/token", "https://x.example/password/reset", "/auth/token/refresh",
    "redis://cache:6379 and rabbit at mq", "connect to redis://cache:6379 timed out (see docs)", "see https://a.example and b@@c",
    # codes
    "ConnectionClosedError: received 1011 (internal error); then sent 1011", "code = 1006 (connection closed abnormally [internal]), no reason",
    "code=1011", "'code': 1011", "status code: 503", "error code=E1011", "exit code -9", "{'code': 'rate_limit_exceeded'}", '"code": "ERR_SSL_KEY_USAGE"',
    "code='ECONNREFUSED'", "grpc code = DeadlineExceeded", "HTTP 401 Unauthorized", "sqlalche.me/e/20/e3q8", "error_code=AADSTS700016",
    # names of tests and code
    "tests/test_token.py::TestToken::test_token_refresh_1a2b3c4d", "FAILED tests/e2e/test_password_reset_staging.py::test_reset_with_expired_token",
    "test_secret_key_is_missing[JWT_SECRET_KEY]", "test_login[password=wrong]", "TestApiKeyRotation::test_api_key_2_is_used", "test_pass_through_v2 PASSED",
    "tests/auth/test_session_id.py:42: AssertionError", "test_bearer_token_required_123456789", "def test_password(client, password):", "class TokenBucket2024Test:",
    "KeyError: 'token'", "KeyError: 'OPENAI_API_KEY'", "JWT_SECRET_KEY is not set", "JWT_SECRET_KEY=None", "password: str = Form()", "password: incorrect",
    "Wrong password: try again", "password=None, token=None", "password=password, user=user", "password=settings.db_password", "password=get_password()",
    "password=os.environ['PGPASSWORD']", "password = self.config.database.password", "token = self.make_token(user)", "token=token", "token = request.headers['X-Token']",
    "secret = config.jwt.secret", "token      = None", "password   = <object object at 0x7f8a3c2e1d4b>", "secret     = Ellipsis", "api_key    = ''",
    "token      = <Token user=1>", "pw = playwright.chromium.launch()", "pw         = <playwright._impl._playwright.Playwright object>",
    "auth = (user, password)", "auth=(USER, PASSWORD)", "auth=None", "auth = HTTPBasicAuth(user, password)", "'auth': ['basic', 'oauth']"[:16], "auth: required",
    "HTTPBasicAuth(settings.user, settings.password)", "with pytest.raises(AuthError, match='token'):", "monkeypatch.delenv('API_TOKEN')", "os.getenv('API_TOKEN')",
    "config.get('db', 'password')", "getpass('Password: ')", "assert 'password' in form.errors", "assert response.json()['token'] is not None",
    "E   AssertionError: assert 'token' in {}", "E   assert user.password == expected_password", "E     password: Field required", "E   'token': None,",
    "token:\n  description: The token", "password:\n  type: string\n  minLength: 8", "secrets:\n  GH_TOKEN:\n    required: true", "password:\n    assert 1",
    'Invalid token:\n  File "a.py", line 3', "token ==\n", "secret_key: !vault", "token: ${{ secrets.GITHUB_TOKEN }}", "GITHUB_TOKEN: ${{ github.token }}",
    "env:\n  API_TOKEN: ${API_TOKEN}", "ENV API_TOKEN", "ARG TOKEN_FILE /run/secrets/token", "ENV PATH /usr/local/bin", "env TOKEN_TYPE bearer",
    "page.fill('#password', password)", "page.fill('#user', 'ada')", 'page.get_by_label("Email").fill("Ada")', "page.locator('#password').fill(PASSWORD)",
    "page.get_by_label('Password').type(\"\")", "locator('input[name=password]') to be visible", 'waiting for get_by_label("Password")', "fill('text')",
    # models
    "password\n  Field required [type=missing, input_value={'user': 'ada'}, input_type=dict]", "age\n  Input should be a valid integer [type=int_parsing, input_value='twenty2x', input_type=str]",
    "token\n  Input should be a valid string [type=string_type, input_value=None, input_type=NoneType]", "{'loc': ('name',), 'msg': 'too short', 'input': 'Adalovelace1'}",
    "{'password': 'Field required'}", '{"password": "must have at least 8 characters"}', '{"token": null, "secret": ""}', "{'name': 'Ada', 'value': 'Lovelace1815'}",
    '{"name": "retries", "value": "3"}', '{"name": "total_tokens", "value": "123456789a"}', "- name: LOG_LEVEL\n  value: debug2026", '<property name="version" value="1.2.3-rc4"/>',
    '<property name="python" value="CPython-3.12.7-final-0"/>', '<property name="commit" value="' + SHA + '"/>', '<testcase name="test_token" classname="tests.test_token" time="0.1"/>',
    '<testcase name="test_password_2" value="x">', '<input type="password" name="password" value="">', '<input name="q" value="playwright1234">', "<token/>", "<password>***</password>",
    # SQL
    "SELECT id, password FROM users WHERE id = 1", "CREATE TABLE users (id int, password varchar(60))", "INSERT INTO users (name, password) VALUES (?, ?)",
    "INSERT INTO users (name, mail) VALUES ('ada', 'lovelace1815')", "[SQL: INSERT INTO items (name, sku) VALUES (?, ?)]\n[parameters: ('chair', 'SKU12345ab')]",
    "INSERT INTO users (name, password) VALUES (%(name)s, %(password)s)", "UPDATE users SET password = ? WHERE id = ?", "ALTER TABLE users ADD COLUMN password text",
    'password authentication failed for user "app"', "no password supplied", "column users.password does not exist", 'null value in column "password"', "IDENTIFIED BY ?",
    'duplicate key value violates unique constraint "users_mail_key"', "DETAIL:  Key (mail)=(x) already exists.", "DROP ROLE IF EXISTS app", "CREATE EXTENSION pgcrypto",
    # placeholders and prose
    "password=<redacted>", "password=${DB_PASSWORD}", "PASSWORD=$DB_PASSWORD", "api_key={{ api_key }}", "token=%s", "token={token}", "token=...", "token=xxxxxxxx",
    '"password": "********"', "Authorization: Bearer ***", "Authorization: Bearer <token>", "Authorization header missing", "Bearer authentication required",
    "Basic authentication failed", 'WWW-Authenticate: Bearer realm="api"', "token_type=bearer", '"token_type": "Bearer", "expires_in": 3600', "pass: 12, fail: 3",
    "pass=12 fail=0", "first_pass=0.98", "pass: 98.5%", "pass rate: 98", "bypass=enabled", "compass: north2", "max_tokens=21334", "prompt_tokens=1234", "tokens: 2048",
    "the token is expired", "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "unexpected token: end of file", "SyntaxError: invalid token (<string>, line 1)",
    "monkey: 12345678ab", "keyboard=qwerty123456", "author: ada2", "Cookie: not found", "session cookie missing", "Set-Cookie: Path=/; HttpOnly; Secure", "session_id=42",
    f"session_id={U}", "sid=7", "2025-09-10T19:52:00.123456Z", "1757534512345678", "phone 0301 1234 5678 9012", "v1.24.0-rc.1+build.5", "pytest-8.3.4 py3-none-any",
    "python-3.12.7-linux-x86_64", "numpy-2.1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "node_modules/@babel/core@7.26.0/lib/index.js",
    "/home/runner/work/shop/shop/tests/e2e/test_login_1234.py", "C:\\Users\\ci\\AppData\\Local\\Temp\\pytest-of-ci\\pytest-0", "/tmp/pytest-of-root/pytest-12/test_token_refresh0/db.sqlite3",
    f"data:image/png;base64,{IMAGE}", f"data:font/woff2;base64,d09GMgABAAAAA{made(300, B64, 'woff')}", f"screenshot: {made(12, LOWER)}.png", "AAAAAAAAAAAAAAAAAAAAAAAA",
    "sk_buff_alloc_failed_in_driver", "npm_config_registry", "pypi-publish / build (3.12)", "gh_actions_runner_version_2_311_0", "secret_sauce_of_the_recipe_book", "hf_hub_download failed",
    "re_compile_pattern_failed_with_code_42", "access-control-allow-origin: *", "access-sandbox-mode enabled", "mob-rule-evaluation-2026", "sdk-version-2026-11-27", "api-gateway-7d9f8b6c5d",
    "E       - Snapshot token 'abc'", "E         -  'state': 'queued'", "E         +  'state': 'done'", "E     Full diff:", "E     {'total': 12, 'page': 1}",
    "    --- PASS: TestSavingAddsUp/small_plan (0.00s)", "--- PASS: TestToken2 (0.01s)", "PASS: tests/run-3.sh",
    f'{{"key":"Postman-Token","value":"{U}","system":true}}', 'auth=("username", "password"),', "auth=(b'username', b'password'),",
    "headers={&quot;Authorization&quot;: f&quot;Bearer {access_token}&quot;}", "headers={'Authorization': f'Bearer {token}'}",
    "actions/checkout@v5", "uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v6", "icon@2x.png", "@pytest.mark.parametrize",
]  # fmt: skip
