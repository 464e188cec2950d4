<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/staging.php';

final class AgentsTest extends TestCase
{
    public function testChatAnswersAQuestion(): void
    {
        chat();
    }

    public function testQuotesArePriced(): void
    {
        get('API', '/api/quotes');
    }

    public function testReportServiceIsUp(): void
    {
        get('DOWN', '/health');
    }

    public function testDeepReportIsReadyInTime(): void
    {
        get('SITE', '/slow');
    }

    public function testBasketHoldsThePlan(): void
    {
        $this->assertArrayHasKey('plan', get('SITE', '/basket.json'));
    }

    /** @dataProvider plans */
    public function testSavingAddsUp(int $total): void
    {
        $this->assertSame(['items' => [], 'total' => $total], get('SITE', '/basket.json'));
    }

    public function plans(): array
    {
        return ['small plan' => [41], 'large plan' => [43]];
    }

    /** @runInSeparateProcess */
    public function testRendererSurvives(): void
    {
        posix_kill(getmypid(), SIGKILL);
    }

    public function testPartnerResolves(): void
    {
        get('PARTNER', '/');
    }

    public function testCertificateIsTrusted(): void
    {
        get('TLS', '/');
    }

    public function testSaysWhyItFails(): void
    {
        $this->fail();
    }

    public function testWrapsItsCause(): void
    {
        try {
            get('API', '/api/quotes');
        } catch (Exception $error) {
            throw new RuntimeException('the plan could not be priced', 0, $error);
        }
    }

    public function testShowsTheTotal(): void
    {
        $this->assertCount(1, get('SITE', '/basket.json')['items']);
    }
}
